"""Deposits that banks block in buyers' own accounts for a sale by power of attorney (وکالتی)."""
