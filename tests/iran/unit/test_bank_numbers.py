import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iran import BANK_BY_CARD_PREFIX, BANK_BY_CODE, Card, Invalid, Sheba

bodies = st.text("0123456789", min_size=22, max_size=22)
fifteens = st.text("0123456789", min_size=15, max_size=15)


def sheba_of(body: str) -> str:
    return Sheba.of_account(body[:3], body[3:])


def card_of(fifteen: str) -> str:
    return fifteen + Card.check_digit(fifteen)


def is_valid(kind: type[Sheba | Card], text: str) -> bool:
    try:
        kind.parse(text)
    except Invalid:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "bank"), [("IR820540102680020817909002", "054"), ("IR550570022080013447370101", "057")]
)
def test_a_real_sheba_is_accepted_and_names_its_bank(text: str, bank: str) -> None:
    assert Sheba.parse(text).bank is BANK_BY_CODE[bank]


@pytest.mark.parametrize(
    "text",
    ["820540102680020817909002", "ir82 0540 1026 8002 0817 9090 02", "IR-۸۲۰۵۴۰۱۰۲۶۸۰۰۲۰۸۱۷۹۰۹۰۰۲"],
)
def test_every_way_to_write_a_sheba_is_the_same(text: str) -> None:
    assert Sheba.parse(text) == "IR820540102680020817909002"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IR012345678901234567890123", "sheba_check_digits"),
        ("IR82054010268002081790900", "sheba_format"),
        ("DE82054010268002081790900200", "sheba_format"),
        ("IRIR820540102680020817909002", "sheba_format"),
        ("", "sheba_format"),
    ],
)
def test_a_wrong_sheba_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        Sheba.parse(text)
    assert caught.value.code == code


@given(bodies)
def test_a_made_sheba_satisfies_iso_7064(body: str) -> None:
    sheba = sheba_of(body)
    assert int(sheba[4:] + "1827" + sheba[2:4]) % 97 == 1


@given(bodies, st.integers(2, 25), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_of_a_sheba_is_caught(body: str, place: int, digit: str) -> None:
    sheba = sheba_of(body)
    assume(sheba[place] != digit)
    assert not is_valid(Sheba, sheba[:place] + digit + sheba[place + 1 :])


@given(bodies, st.integers(2, 24))
def test_any_swap_of_neighbours_in_a_sheba_is_caught(body: str, place: int) -> None:
    sheba = sheba_of(body)
    assume(sheba[place] != sheba[place + 1])
    assert not is_valid(Sheba, sheba[:place] + sheba[place + 1] + sheba[place] + sheba[place + 2 :])


def test_a_short_account_is_padded_and_a_long_one_refused() -> None:
    assert Sheba.of_account("017", "42").account == "0000000000000000042"
    with pytest.raises(Invalid):
        Sheba.of_account("017", "1" * 20)


def test_a_sheba_of_an_unlisted_bank_is_valid() -> None:
    assert Sheba.of_account("999", "1").bank is None


def test_a_real_card_is_accepted_and_names_its_bank() -> None:
    card = Card.parse("۶۰۳۷-۷۰۱۶-۸۹۰۹-۵۴۴۳")
    assert card == "6037701689095443"
    assert card.bank is BANK_BY_CODE["016"]


@pytest.mark.parametrize(
    ("text", "code"), [("6219861034529008", "card_check_digit"), ("603770168909544", "card_format")]
)
def test_a_wrong_card_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        Card.parse(text)
    assert caught.value.code == code


@given(fifteens, st.integers(0, 15), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_of_a_card_is_caught(fifteen: str, place: int, digit: str) -> None:
    card = card_of(fifteen)
    assert is_valid(Card, card)
    assert is_valid(Card, card[:place] + digit + card[place + 1 :]) == (card[place] == digit)


@given(fifteens, st.integers(0, 14))
def test_a_swap_of_neighbours_in_a_card_is_caught_unless_they_are_0_and_9(fifteen: str, place: int) -> None:
    card = card_of(fifteen)
    pair = {card[place], card[place + 1]}
    swapped = card[:place] + card[place + 1] + card[place] + card[place + 2 :]
    assert is_valid(Card, swapped) == (len(pair) == 1 or pair == {"0", "9"})


def test_the_bank_tables_have_codes_of_the_right_length() -> None:
    assert all(len(code) == 3 and code == bank.code for code, bank in BANK_BY_CODE.items())
    assert all(len(prefix) == 6 and prefix.isdigit() for prefix in BANK_BY_CARD_PREFIX)
    assert BANK_BY_CARD_PREFIX["603799"].name_en == "Bank Melli Iran"
