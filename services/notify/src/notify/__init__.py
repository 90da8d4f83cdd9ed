"""The notify service: messages to people."""
