"""Where a bank's or a provider's word differs from ours: each with its reason and somebody who minds it."""
