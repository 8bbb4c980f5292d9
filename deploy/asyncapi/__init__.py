"""In: contracts, models and examples. Out: `docs/asyncapi.yaml`, for who subscribes."""
