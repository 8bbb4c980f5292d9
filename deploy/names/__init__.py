"""In: the lists of names in Faker. Out: `services/ingest/domain/redaction/names`."""
