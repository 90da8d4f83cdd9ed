"""Money that cannot be used goes back to the buyer through the provider it came from."""
