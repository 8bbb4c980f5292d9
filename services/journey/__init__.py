"""In: touchpoints.v1. Out: journeys.v1, touchpoints.rejected.v1 and the journeys' own state."""
