"""Announcements and frequent questions, as the staff write them."""
