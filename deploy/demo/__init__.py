"""In: a seed. Out: months of citizens through the real endpoints, and a verdict on every number."""
