"""In: contracts, settings, measures, metrics, reasons; out: docs/reference.md."""
