"""Dealerships and the head office, as the staff keep them."""
