"""In: the queries of the overview. Out: `overview.json`, a dashboard that Grafana reads."""
