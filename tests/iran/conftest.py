"""Rules are tested by example and by property; how long an example takes is no part of the rule."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
