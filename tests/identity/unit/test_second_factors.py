"""The rules of second factors: who needs which, what a device token and a recovery code are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.authenticators.domain import (
    RecoveryCode,
    matching_step,
    new_recovery_codes,
    new_secret,
)
from identity.challenges.domain import OneTimeCode
from identity.client import Place
from identity.devices.domain import DeviceToken, name_of, place_mac
from identity.logins.domain import second_factor
from identity.sessions.domain import Standing
from identity.testing import new_settings
from identity.vault import Vault
from iran import to_persian_digits

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VAULT, OTHER = Vault.of(new_settings()), Vault.of(new_settings())
steps = st.integers(1, 2**31).map(lambda step: datetime.fromtimestamp(30 * step, UTC))


@pytest.mark.parametrize(
    ("staff", "enrolled", "remembered", "factor"),
    [
        (False, False, False, "sms"),
        (False, False, True, None),
        (False, True, False, "totp"),
        (False, True, True, None),
        (True, False, False, "sms"),
        (True, False, True, "sms"),
        (True, True, False, "totp"),
        (True, True, True, "totp"),
    ],
)
def test_what_is_asked_after_the_password(staff, enrolled, remembered, factor):
    assert second_factor(staff=staff, enrolled=enrolled, remembered=remembered) == factor


@pytest.mark.parametrize(
    ("roles", "due_at", "proof", "granted", "due_by", "must_enrol"),
    [
        ([], None, "device", (), None, False),
        ([], NOW + HOUR, "sms", (), None, False),
        (["admin"], None, "sms", (), None, True),
        (["admin"], NOW, "sms", (), None, True),
        (["admin"], NOW + HOUR, "sms", ["admin"], NOW + HOUR, False),
        (["admin"], NOW + HOUR, "device", ["admin"], NOW + HOUR, False),
        (["admin"], NOW + HOUR, "totp", ["admin"], None, False),
        (["admin"], None, "totp", ["admin"], None, False),
    ],
)
def test_which_roles_a_session_carries(roles, due_at, proof, granted, due_by, must_enrol):
    standing = Standing(roles, due_at, proof)
    assert list(standing.roles_at(NOW)) == list(granted)
    assert standing.due_by(NOW) == due_by
    assert standing.must_enrol(NOW) == must_enrol


@given(st.uuids())
def test_a_device_token_is_read_back_where_it_was_made_and_nowhere_else(device_id: UUID):
    text = DeviceToken(device_id).text(VAULT)
    assert DeviceToken.parse(text, VAULT) == DeviceToken(device_id)
    assert DeviceToken.parse(text, OTHER) is None


@given(st.uuids(), st.integers(0, 63), st.sampled_from("AZaz09-_"))
def test_a_changed_device_token_is_none(device_id: UUID, position: int, letter: str):
    text = DeviceToken(device_id).text(VAULT)
    changed = text[:position] + letter + text[position + 1 :]
    assert changed == text or DeviceToken.parse(changed, VAULT) is None


@given(st.text(max_size=120))
def test_any_text_is_tried_as_a_device_token(text: str):
    assert DeviceToken.parse(text, VAULT) is None


def test_a_place_is_the_network_together_with_the_agent():
    places = [Place("10.0.0.1", "a"), Place("10.0.0.1", None), Place("10.0.0.2", "a"), Place("10.0.0.1", "b")]
    assert len({place_mac(VAULT, place) for place in places}) == len(places)


@pytest.mark.parametrize(
    ("network", "shown"),
    [
        ("5.160.10.77", "5.160.10.0/24"),
        ("2a01:4f8:1:2::/64", "2a01:4f8:1::/48"),
        ("unknown", "unknown"),
    ],
)
def test_people_are_shown_a_part_of_an_address(network, shown):
    assert Place(network, None).shown_network == shown


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (None, None),
        ("", None),
        ("A lost phone", "A lost phone"),
        ("x" * 200, "x" * 60),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Firefox 121, Windows 10",
        ),
    ],
)
def test_a_device_is_called_what_people_call_it(agent, name):
    assert name_of(agent) == name


def test_recovery_codes_are_ten_with_selectors_of_their_own():
    codes = new_recovery_codes()
    assert len({code.selector for code in codes}) == len(codes) == 10


@given(st.integers(0, 9))
def test_a_recovery_code_is_read_as_people_write_it(number: int):
    code = new_recovery_codes()[number]
    for written in (code.shown, code.lower(), f" {code.shown} ", code.replace("0", "O").replace("1", "l")):
        assert RecoveryCode(written) == code
    assert RecoveryCode(to_persian_digits(code)) == code
    assert str(code) not in repr(code)


@given(steps, st.integers(-1, 1))
def test_a_code_belongs_to_its_step_or_a_neighbour_that_shares_it(now: datetime, offset: int):
    secret = new_secret()
    present = int(now.timestamp()) // 30
    code = OneTimeCode(pyotp.TOTP(secret).generate_otp(present + offset))
    found = matching_step(secret, code, now)
    assert found is not None
    assert abs(found - present) <= 1
    assert pyotp.TOTP(secret).generate_otp(found) == code


@pytest.mark.parametrize(
    ("time", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(time, code):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert matching_step(secret, OneTimeCode(code), datetime.fromtimestamp(time, UTC)) == time // 30
