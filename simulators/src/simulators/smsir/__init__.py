"""SMS.ir's REST API, version 1."""
