"""What every simulated bank shares: the books, the faults and the control API."""
