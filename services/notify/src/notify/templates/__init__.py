"""What is said: versioned Persian texts with named placeholders."""
