"""Behpardakht Mellat, SOAP."""
