"""The desk's registers: rules, rates, limits and periods that are rows, and are decided here."""
