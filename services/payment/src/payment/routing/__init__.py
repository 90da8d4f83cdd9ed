"""Which provider a payment goes to: by health, fee and amount, as the staff arranges it."""
