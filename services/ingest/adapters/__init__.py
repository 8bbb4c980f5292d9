"""In: bytes from HTTP and Kafka; out: values for the use case, and bytes again."""
