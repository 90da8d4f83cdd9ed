"""Draws: what was committed to, what came of it, and how anybody checks it."""
