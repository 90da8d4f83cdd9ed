"""The voice of the customer: complaints, their answers and their clock."""
