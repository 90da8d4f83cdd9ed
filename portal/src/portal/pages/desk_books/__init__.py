"""The books of finance: deposits, providers' days, banks' lists, statements, the ledger's checks."""
