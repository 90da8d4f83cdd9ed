"""Which provider a message goes through: an order per route, and who is left alone for a while."""
