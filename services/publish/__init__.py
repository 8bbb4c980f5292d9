"""In: metrics.internal.v1 and the catalogue. Out: the scorecard as pages and JSON, inside only."""
