"""Deposits that banks block for a sale by power of attorney (وکالتی), as payment tells of them."""
