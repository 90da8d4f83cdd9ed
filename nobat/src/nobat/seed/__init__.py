"""A demonstration: dealerships, plans and staff, the same on every machine."""
