"""In: what was released. Out: every file of the open data, by its address."""
