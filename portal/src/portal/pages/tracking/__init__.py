"""Following an order without logging in."""
