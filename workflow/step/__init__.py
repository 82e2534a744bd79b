"""The pure step: what a command does to a case, or why not."""
