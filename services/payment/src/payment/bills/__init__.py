"""Bills: what a buyer owes for an order."""
