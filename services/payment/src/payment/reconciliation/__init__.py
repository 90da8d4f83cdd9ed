"""A provider's day against ours: by asking about each payment, or by the provider's own file."""
