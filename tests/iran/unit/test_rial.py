import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from iran import Invalid, Rial, to_persian_digits

amounts = st.integers(0, Rial.MAX)
small = st.integers(0, 10**12)


@given(amounts)
def test_what_is_shown_to_people_parses_back(amount: int) -> None:
    rial = Rial(amount)
    assert Rial.parse(rial.text_fa) == rial
    assert Rial.parse(str(rial)) == rial
    assert Rial.parse(to_persian_digits(f"{amount:,}")) == rial


@pytest.mark.parametrize(
    ("text", "amount"), [("0", 0), ("۱۲٬۵۰۰ ریال", 12_500), ("1,000 Rial", 1000), (" 7 ", 7), ("007", 7)]
)
def test_an_amount_is_read_as_people_write_it(text: str, amount: int) -> None:
    assert Rial.parse(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rial_format"),
        ("-5", "rial_format"),
        ("(5)", "rial_format"),
        ("12.5", "rial_format"),
        ("1e3", "rial_format"),
        ("۱۰۰ تومان", "rial_format"),
        ("ریال", "rial_format"),
        ("9" * 5000, "rial_too_large"),
        (str(Rial.MAX + 1), "rial_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        Rial.parse(text)
    assert caught.value.code == code


@given(small, small, st.integers(0, 1000))
def test_arithmetic_stays_in_rial(one: int, other: int, count: int) -> None:
    for result, expected in (
        (Rial(one) + other, one + other),
        (one + Rial(other), one + other),
        (Rial(one + other) - Rial(other), one),
        (Rial(one) * count, one * count),
        (count * Rial(one), one * count),
        (sum([Rial(one), Rial(other)], start=Rial(0)), one + other),
    ):
        assert type(result) is Rial
        assert result == expected


@given(small, st.integers(1))
def test_an_amount_never_falls_below_zero(amount: int, more: int) -> None:
    with pytest.raises(Invalid) as caught:
        Rial(amount) - (amount + more)
    assert caught.value.code == "rial_negative"


def test_toman_is_a_tenth() -> None:
    assert Rial.from_toman(360) == Rial(3600)
    assert Rial(12_500_000).toman_fa == "۱٬۲۵۰٬۰۰۰ تومان"
    assert Rial(15).toman_fa == "۱٫۵ تومان"


def test_text_and_repr() -> None:
    assert (str(Rial(12_500)), repr(Rial(12_500)), f"{Rial(12_500):,}") == ("12500", "Rial(12500)", "12,500")
    assert Rial(12_500).text_fa == "۱۲٬۵۰۰ ریال"


@pytest.mark.parametrize("junk", [1.0, True, None, "x", -1, 10**19, [1]])
def test_a_pydantic_field_takes_whole_amounts_only(junk: object) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Rial).validate_python(junk)
    (error,) = caught.value.errors()
    assert error["type"].startswith("rial_")
    assert set(error["ctx"]) == {"en", "fa"}


class Bill(BaseModel):
    amount: Rial


@pytest.mark.parametrize("amount", [5000, "5000", "۵٬۰۰۰", Rial(5000)])
def test_a_pydantic_field_is_a_json_integer(amount: object) -> None:
    bill = Bill.model_validate({"amount": amount})
    assert type(bill.amount) is Rial
    assert json.loads(bill.model_dump_json()) == {"amount": 5000}
    assert json.dumps(bill.model_dump()) == '{"amount": 5000}'


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_is_a_bounded_integer(mode: str) -> None:
    schema = TypeAdapter(Rial).json_schema(mode="serialization" if mode == "serialization" else "validation")
    assert (schema["type"], schema["minimum"], schema["maximum"]) == ("integer", 0, 10**18)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "صفر ریال"),
        (12_500_000, "دوازده میلیون و پانصد هزار ریال"),
        (4_900_000_123, "چهار میلیارد و نهصد میلیون و یکصد و بیست و سه ریال"),
        (10**15, "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ ریال"),
    ],
)
def test_an_amount_is_written_in_words(amount, words):
    assert Rial(amount).words_fa == words
