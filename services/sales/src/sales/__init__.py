"""The sales service: plans, eligibility, orders, contracts."""
