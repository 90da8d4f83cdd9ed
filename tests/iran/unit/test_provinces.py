import json
import pickle

import pytest
from pydantic import TypeAdapter, ValidationError

from iran import Invalid, Landline, Province


def test_there_are_thirty_one_with_distinct_codes() -> None:
    assert len(Province) == 31
    assert {province.iso_code for province in Province} == {f"IR-{number:02d}" for number in range(31)}
    assert len({province.phone_code for province in Province}) == 31


@pytest.mark.parametrize("province", list(Province))
def test_a_province_is_found_by_its_name_in_any_spelling(province: Province) -> None:
    arabic = province.value.replace("ی", "ي").replace("ک", "ك")
    for text in (
        province.value,
        arabic,
        f"استان {province}",
        f" {province.value.replace(' ', chr(0x200C))} ",
    ):
        assert Province.parse(text) is province
    assert pickle.loads(pickle.dumps(province)) is province  # noqa: S301 - made in the same breath


@pytest.mark.parametrize("province", list(Province))
def test_a_phone_code_begins_a_landline(province: Province) -> None:
    assert Landline.parse(province.phone_code + "32123456").startswith(province.phone_code)


@pytest.mark.parametrize("text", ["", "استان", "خراسان", "Tehran", "تهران بزرگ"])
def test_another_name_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Province.parse(text)
    assert caught.value.code == "province_unknown"


def test_a_pydantic_field_takes_any_spelling_and_gives_the_official_one() -> None:
    field = TypeAdapter(Province)
    assert field.validate_python("خراسان  رضوي") is Province.RAZAVI_KHORASAN
    assert json.loads(field.dump_json(Province.QOM)) == "قم"
    assert field.json_schema()["enum"] == [province.value for province in Province]
    with pytest.raises(ValidationError) as caught:
        field.validate_python("آتلانتیس")
    assert caught.value.errors()[0]["type"] == "province_unknown"
