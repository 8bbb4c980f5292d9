"""In: where services listen inside, what contracts promise. Out: scraping, recordings, alerts."""
