"""In: the contracts and a date; out: a sentence for everything in them that nobody may run."""
