"""In: boards, as plain values. Out: the dashboards that Grafana reads, and how it finds them."""

import warnings

# The library prefers the newer schema the moment it is imported; the one we write is the one that
# every Grafana since 10 reads from a file.
warnings.filterwarnings("ignore", message="Prefer using dashboardv2", category=DeprecationWarning)
