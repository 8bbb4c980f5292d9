"""Throughput of each service on a real Kafka, the same events each time."""
