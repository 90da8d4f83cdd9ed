"""The inquiry providers, behind one port."""
