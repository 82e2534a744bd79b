"""The real processes and what they rest on, as YAML: definitions, fragments, lists, calendars.

A package only so that the files are shipped and found in an installed wheel as in a checkout
(`importlib.resources.files("definitions")`). It owns data and no code; the loader in ``workflow``
reads the files through a resolver that ``engine`` gives it.
"""
