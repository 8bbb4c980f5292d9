"""Many workers, several partitions, no broker: the engine as it is, in a world that may do anything
Kafka, Faust and the operating system may do, at every await, over virtual time.

`loop` runs coroutines until they wait; `logs` is Kafka; `process` is a worker, which owns nothing
but the engine; `world` is all of them; `actions` are what may happen, in `faust_acts`, `troubles`
and `ending`, which says what is wrong at the end; `setting` is what a history plays in;
`ledger` and `citizens` are what is folded, each with a truth of its own; `histories` draws, shrinks
and tells.
"""
