"""What a whole definition must fulfil, and the analyses that this rests on."""
