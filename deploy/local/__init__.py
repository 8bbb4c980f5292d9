"""In: a bare machine with Python; out: broker, Redis and services, running on loopback only."""
