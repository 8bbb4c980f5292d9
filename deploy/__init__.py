"""What starts and feeds the services: local stack, provisioning, demo, catalogue, dashboards."""
