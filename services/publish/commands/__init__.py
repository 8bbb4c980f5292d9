"""In: what a person typed; out: the same topics, read and written once, and an account of it."""
