"""IPPanel's (Faraz SMS) Edge API, version 1."""
