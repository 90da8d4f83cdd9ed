"""What every text value promises, whatever it holds."""

import copy
import json
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

import iran
from iran import TextValue

TYPES: list[type[TextValue]] = [
    iran.NationalCode,
    iran.LegalId,
    iran.Mobile,
    iran.Landline,
    iran.Sheba,
    iran.Card,
    iran.PostalCode,
    iran.BillId,
    iran.PaymentId,
    iran.Vin,
    iran.PersonName,
]
PERSONAL = [
    iran.NationalCode,
    iran.Mobile,
    iran.Landline,
    iran.Sheba,
    iran.Card,
    iran.PostalCode,
    iran.PersonName,
]
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

every_type = pytest.mark.parametrize("kind", TYPES)


@every_type
def test_the_example_is_valid_and_canonical(kind: type[TextValue]) -> None:
    value = kind.parse(kind.example)
    assert str(value) == kind.example
    assert type(str(value)) is str
    assert re.fullmatch(kind.pattern, kind.example)


@every_type
def test_parsing_again_changes_nothing(kind: type[TextValue]) -> None:
    value = kind.parse(kind.example)
    assert kind.parse(value) is value
    assert kind.parse(str(value)) == value


@every_type
def test_persian_and_arabic_digits_are_the_same_value(kind: type[TextValue]) -> None:
    value = kind.parse(kind.example)
    assert kind.parse(iran.to_persian_digits(kind.example)) == value
    assert kind.parse(kind.example.translate(ARABIC_DIGITS)) == value


@every_type
def test_blanks_and_direction_marks_around_it_do_not_matter(kind: type[TextValue]) -> None:
    assert kind.parse(f" \u200e{kind.example}\u202c\n") == kind.example


@every_type
@given(text=st.text(max_size=30))
def test_any_text_is_parsed_to_the_pattern_or_refused(kind: type[TextValue], text: str) -> None:
    try:
        value = kind.parse(text)
    except iran.Invalid:
        return
    assert re.fullmatch(kind.pattern, value)
    assert kind.parse(str(value)) == value


@every_type
def test_it_survives_pickle_and_copy(kind: type[TextValue]) -> None:
    value = kind.parse(kind.example)
    for twin in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):  # noqa: S301 - made two words before
        assert twin == value
        assert type(twin) is kind
        assert hash(twin) == hash(value)


@pytest.mark.parametrize("kind", PERSONAL)
def test_repr_does_not_tell_a_personal_value(kind: type[TextValue]) -> None:
    value = kind.parse(kind.example)
    assert kind.example not in repr(value)
    assert "*" in repr([value])
    assert len(value.masked) == len(value)


def test_repr_tells_what_is_not_personal() -> None:
    assert repr(iran.Vin("1M8GDM9AXKP042788")) == "Vin('1M8GDM9AXKP042788')"


def test_masks_keep_what_a_person_recognises() -> None:
    assert iran.NationalCode("0499370899").masked == "*******899"
    assert iran.Mobile("09123456789").masked == "0912*****89"
    assert iran.Sheba("IR820540102680020817909002").masked == "IR82******************9002"
    assert iran.Card("6037701689095443").masked == "603770******5443"
    assert iran.PersonName("کاوه").masked == "****"


@every_type
def test_a_value_cannot_be_changed(kind: type[TextValue]) -> None:
    value = kind.parse(kind.example)
    with pytest.raises(AttributeError):
        value.note = "x"  # type: ignore[attr-defined]  # the point of the test


@every_type
def test_the_error_of_a_pydantic_field_has_the_code_and_both_sentences(kind: type[TextValue]) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python("?")
    (error,) = caught.value.errors()
    assert error["type"] == kind.malformed.code
    assert error["msg"] == kind.malformed.en
    assert error["ctx"] == {"en": kind.malformed.en, "fa": kind.malformed.fa}


@every_type
@pytest.mark.parametrize("junk", [None, 7, 7.5, True, [], {}])
def test_only_text_is_a_text_value(kind: type[TextValue], junk: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(junk)


@every_type
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_describes_the_canonical_text(kind: type[TextValue], mode: str) -> None:
    schema = TypeAdapter(kind).json_schema(mode="serialization" if mode == "serialization" else "validation")
    assert schema["type"] == "string"
    assert schema["pattern"] == kind.pattern
    assert schema["examples"] == [kind.example]


class Person(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    national_code: iran.NationalCode
    mobile: iran.Mobile | None = None
    province: iran.Province = iran.Province.TEHRAN


def test_a_strict_model_takes_the_value_and_its_text() -> None:
    from_text = Person.model_validate({"national_code": "۰۴۹۹۳۷۰۸۹۹", "mobile": "+98 912 345 6789"})
    from_values = Person(
        national_code=iran.NationalCode("0499370899"),
        mobile=iran.Mobile("09123456789"),
        province=iran.Province.TEHRAN,
    )
    assert from_text == from_values
    assert type(from_text.national_code) is iran.NationalCode
    assert type(from_values.province) is iran.Province


def test_a_model_is_dumped_as_plain_text_and_read_back() -> None:
    person = Person.model_validate({"national_code": "0499370899"})
    text = person.model_dump_json()
    assert json.loads(text) == {"national_code": "0499370899", "mobile": None, "province": "تهران"}
    assert Person.model_validate_json(text) == person
    assert json.loads(json.dumps(person.model_dump())) == json.loads(text)


def test_the_repr_of_a_model_does_not_tell_its_personal_values() -> None:
    assert "0499370899" not in repr(Person.model_validate({"national_code": "0499370899"}))


@pytest.mark.parametrize("kind", [*TYPES, iran.Rial, iran.BillPair])
def test_every_reason_has_a_code_and_a_sentence_in_each_language(kind: type) -> None:
    reasons = [
        reason for part in kind.__mro__ for reason in vars(part).values() if isinstance(reason, iran.Reason)
    ]
    assert reasons
    for reason in reasons:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", reason.code)
        assert re.fullmatch(r"[A-Z][^۰-۹]+\.", reason.en)
        assert re.search(r"[آ-ی]", reason.fa)
        assert reason.fa.endswith(".")


def test_no_two_reasons_share_a_code() -> None:
    kinds = [*TYPES, iran.Rial, iran.BillPair]
    codes = [
        reason.code for kind in kinds for reason in vars(kind).values() if isinstance(reason, iran.Reason)
    ]
    assert len(codes) == len(set(codes))


def test_invalid_says_what_is_wrong_without_quoting_it_and_survives_pickle() -> None:
    with pytest.raises(iran.Invalid) as caught:
        iran.NationalCode.parse("0499370898")
    invalid = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made in the same breath
    assert isinstance(invalid, iran.Invalid)
    assert issubclass(iran.Invalid, ValueError)
    assert (invalid.code, str(invalid)) == ("national_code_check_digit", invalid.message_en)
    assert invalid.message_fa == iran.NationalCode.wrong_check_digit.fa
    assert "049937089" not in repr(invalid) + str(invalid)
