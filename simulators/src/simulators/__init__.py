"""Wire-compatible stand-ins for banks, SMS providers and inquiry services."""
