"""In: channels over HTTP, event logs; out: `touchpoints.v1`, its rejected ones, `comments.v1`.

The life of an event here: `adapters.public_http` reads it, `collect.Collector` has it decided by
`domain.admission.admit`, `adapters.kafka_publisher` sends it; the answer follows the
acknowledgement. Free text leaves the event at the edge: `domain.redaction` makes comments of it.
"""
