"""In: metrics.internal.v1, catalogue. Out: scorecard, inside; metrics.public.v1 and open data."""
