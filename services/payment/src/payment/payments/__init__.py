"""Payments: a bill is paid online, exactly once."""
