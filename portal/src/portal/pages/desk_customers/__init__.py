"""People: found by a whole number, seen masked, unmasked for a reason, and what they were sent."""
