"""In: what an operator asks for. Out: what is done about it."""
