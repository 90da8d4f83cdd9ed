"""Money paid at a bank with a bill's pair of ids, as banks tell of it in statements."""
