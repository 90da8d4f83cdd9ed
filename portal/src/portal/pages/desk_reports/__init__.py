"""What there is to count: orders, cars and complaints, on the page or as a file."""
