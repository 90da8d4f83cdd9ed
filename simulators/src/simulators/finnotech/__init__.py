"""Finnotech's inquiry services."""
