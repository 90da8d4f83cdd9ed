"""MelliPayamak's REST API."""
