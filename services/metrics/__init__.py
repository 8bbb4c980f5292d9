"""In: journeys.v1. Out: counters in Redis, /metrics, metrics.internal.v1, tallies.v1."""
