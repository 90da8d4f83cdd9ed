"""What the inquiry providers share: register, tokens, books, faults, page."""
