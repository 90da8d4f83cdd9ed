"""Saman Electronic Payment (SEP), REST v3.3."""
