"""Refunds that sales asks for: to a verified Sheba, in batches that two people of finance agree on."""
