"""Zibal's payment gateway, REST."""
