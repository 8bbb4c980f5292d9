"""In: what a person typed; out: the same use case, run on a file, and an account of it."""
