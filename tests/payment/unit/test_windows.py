"""The sweeper asks while money can still be verified, whatever the provider."""

from itertools import pairwise

import pytest

from payment.config import Settings
from payment.providers.capabilities import CAPABILITIES

STEPS = Settings.model_construct().ask_steps
PROVIDERS = sorted(CAPABILITIES)
FIRST = (60, 180, 360, 720)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_money_paid_at_any_second_of_the_session_is_asked_about_inside_the_window(provider):
    one = CAPABILITIES[provider]
    window = one.verify_window.total_seconds()
    for paid_at in range(int(one.session_life.total_seconds())):
        asked = [step for step in STEPS if paid_at < step < paid_at + window]
        assert asked, f"paid after {paid_at} seconds"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_unknown_is_asked_about_four_times_inside_the_window(provider):
    window = CAPABILITIES[provider].verify_window.total_seconds()
    assert tuple(step for step in STEPS if step < window)[:4] == FIRST


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_payment_that_nobody_tells_of_is_asked_about_after_its_doubt(provider):
    one = CAPABILITIES[provider]
    over = (one.session_life + one.doubt).total_seconds()
    assert min(step for step in STEPS if step >= over) - over <= 3600


def test_after_the_first_steps_it_is_asked_hourly_and_then_daily():
    settings = Settings.model_construct()
    later = STEPS[len(settings.ask_after) - 1 :]
    assert {after - before for before, after in pairwise(later)} == {3600}
    assert settings.ask_rarely_after - 3600 < STEPS[-1] <= settings.ask_rarely_after
    assert settings.ask_rarely == 86_400
