"""In: where the services listen inside. Out: `prometheus.yml`, what Prometheus scrapes."""
