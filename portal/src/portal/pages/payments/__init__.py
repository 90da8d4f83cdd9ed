"""Bills, the way to the bank and back, and the payment status."""
