"""In: contracts, catalogue, sources; out: the record of processing and the impact assessment."""
