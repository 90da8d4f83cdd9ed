"""The directory of dealerships."""
