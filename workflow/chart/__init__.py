"""The statechart: its interpreter, and the machine that remembers the paths it met."""
