"""Ghasedak's gateway, REST API version 1."""
