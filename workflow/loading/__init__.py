"""From the tree of a file to a resolved definition: fragments, names, guards, targets."""
