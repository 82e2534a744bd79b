"""A definition, and the way of a case through it, as a drawing in words."""
