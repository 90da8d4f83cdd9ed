"""The payment service: bills, payments, ledger."""
