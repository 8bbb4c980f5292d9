"""In: touchpoints.v1. Out: journeys.v1, touchpoints.rejected.v1 and the journeys' own state.

To read it: `__main__` → `adapters/faust_app` (what is put together, and what Faust calls) →
`adapters/delivery` (who owns what, and which chunks are taken) → `sessionise` (one step) →
`domain/partition` (records in, a step out). Back from a log: `adapters/recovery`.
"""
