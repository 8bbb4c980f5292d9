"""In: where services listen inside, what contracts promise. Out: what is scraped, recorded, told."""
