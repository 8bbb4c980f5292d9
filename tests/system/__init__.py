"""The running stack, looked at from outside only."""
