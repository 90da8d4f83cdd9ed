"""Measurements as ratios: each figure against another one of the same run on the same machine."""
