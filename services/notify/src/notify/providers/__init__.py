"""The SMS providers, behind one port."""
