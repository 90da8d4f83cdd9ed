"""Zohal's inquiry services."""
