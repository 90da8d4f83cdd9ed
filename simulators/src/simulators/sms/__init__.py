"""What every simulated SMS provider shares: the messages, the faults and the control API."""
