"""Runs the whole of Nobat and holds its operators tools."""
