"""Keys that change while everything runs: their files, who has which, and re-encryption."""
