"""The command line: a file for each command or group of them, and what they share. Like `__main__`
it chooses what is real.
"""
