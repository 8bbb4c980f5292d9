"""Four services; Kafka is the only thing they share."""
