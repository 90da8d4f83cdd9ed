"""The ledger: double entry in Rial, append-only."""
