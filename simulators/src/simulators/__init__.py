"""Wire-compatible stand-ins for banks and SMS providers."""
