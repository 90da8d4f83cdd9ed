"""Whom money may go back to: the Sheba that a provider said is the person's."""
