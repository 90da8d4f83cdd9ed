"""Value types and validators of Iranian formats."""
