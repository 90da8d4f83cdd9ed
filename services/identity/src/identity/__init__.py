"""The identity service: accounts, codes, sessions, tokens."""
