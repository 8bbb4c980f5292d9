"""In: the contracts; out: topics that are as they say. Nothing that exists is changed."""
