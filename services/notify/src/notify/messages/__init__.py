"""What is sent to whom, once, and what became of it."""
