"""Sadad (Bank Melli), REST with a 3DES signature."""
