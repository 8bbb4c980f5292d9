"""What the commands share, and the groups of commands. Like `__main__` it chooses what is real."""
