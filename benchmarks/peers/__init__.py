"""The same sessions from the same topic by other stream processors, and by nobody: the floor."""
