"""A buyer's orders: placing one, following it, and what may be done with it."""
