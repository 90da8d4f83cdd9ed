"""The web frontend of buyers and staff: pages rendered here, data from the gateway's public API."""
