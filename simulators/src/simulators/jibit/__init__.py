"""Jibit's identification services."""
