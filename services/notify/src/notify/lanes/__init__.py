"""What each lane may send, and what it costs."""
