"""In: the queries of the overview. Out: `overview.json`, a dashboard that Grafana reads."""

import warnings

# The library prefers the newer schema the moment it is imported; the one we write is the one that
# every Grafana since 10 reads from a file.
warnings.filterwarnings("ignore", message="Prefer using dashboardv2", category=DeprecationWarning)
