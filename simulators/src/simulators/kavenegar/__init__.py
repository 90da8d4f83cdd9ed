"""Kavenegar's REST API, version 1."""
