"""The peers' programs, each told by PEER_ variables where to read, write and keep its state."""
