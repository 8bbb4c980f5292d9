"""In: bytes of Kafka and Redis. Out: values and ports of the use cases; HTTP for insiders."""
