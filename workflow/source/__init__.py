"""The text of files: characters, YAML, positions, problems, and the shapes that files have."""
