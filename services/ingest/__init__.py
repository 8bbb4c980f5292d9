"""In: channels over HTTP, event logs; out: `touchpoints.v1`, `touchpoints.rejected.v1`.

The life of an event here: `adapters.public_http` reads it, `collect.Collector` has it decided by
`domain.admission.admit`, `adapters.kafka_publisher` sends it; the answer follows the
acknowledgement. Free text is dropped and counted in this version; it reaches no topic.
"""
