"""What a process is: language, checks, statechart, time rules, the pure step. No I/O.

Use it through ``kerjasama``; see ARCHITECTURE.md for its modules.
"""

__kerjasama__ = True  # tells our package from another of this name that shadows it
