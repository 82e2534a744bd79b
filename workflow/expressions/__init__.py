"""Guards and values: parsed, type-checked with positions, compiled to closures."""
