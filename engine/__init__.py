"""What runs a process: store, timers, history, the embedding API, the command line.

Use it through ``kerjasama``; see ARCHITECTURE.md for its modules.
"""

__kerjasama__ = True  # tells our package from another of this name that shadows it
