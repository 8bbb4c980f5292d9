"""In: drafts of touchpoint events and the rules; out: outcomes. Pure: no clock, no randomness."""
