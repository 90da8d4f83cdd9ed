"""Telling many at once: the results of a draw, or a file of people."""
