"""Files of many rows that the staff hand in: sent on in parts, read by the API, watched here."""
