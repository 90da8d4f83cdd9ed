"""The thirty-one provinces of Iran."""

from enum import StrEnum
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from iran.invalid import Invalid, Reason
from iran.text import matching_key
from iran.text_value import as_pydantic

UNKNOWN_PROVINCE = Reason(
    "province_unknown", "This is not the name of a province of Iran.", "استانی با این نام در ایران نیست."
)


class Province(StrEnum):
    """A province; its value is the official Persian name.

    `iso_code` is ISO 3166-2 (2020), whose digits are the Statistical Centre's; `phone_code` is the trunk
    prefix of its landlines.
    """

    iso_code: str
    phone_code: str

    def __new__(cls, name: str, iso_code: str, phone_code: str) -> Self:
        province = str.__new__(cls, name)
        province._value_ = name
        province.iso_code = iso_code
        province.phone_code = phone_code
        return province

    MARKAZI = "مرکزی", "IR-00", "086"
    GILAN = "گیلان", "IR-01", "013"
    MAZANDARAN = "مازندران", "IR-02", "011"
    EAST_AZERBAIJAN = "آذربایجان شرقی", "IR-03", "041"
    WEST_AZERBAIJAN = "آذربایجان غربی", "IR-04", "044"
    KERMANSHAH = "کرمانشاه", "IR-05", "083"
    KHUZESTAN = "خوزستان", "IR-06", "061"
    FARS = "فارس", "IR-07", "071"
    KERMAN = "کرمان", "IR-08", "034"
    RAZAVI_KHORASAN = "خراسان رضوی", "IR-09", "051"
    ISFAHAN = "اصفهان", "IR-10", "031"
    SISTAN_AND_BALUCHESTAN = "سیستان و بلوچستان", "IR-11", "054"
    KURDISTAN = "کردستان", "IR-12", "087"
    HAMADAN = "همدان", "IR-13", "081"
    CHAHARMAHAL_AND_BAKHTIARI = "چهارمحال و بختیاری", "IR-14", "038"
    LORESTAN = "لرستان", "IR-15", "066"
    ILAM = "ایلام", "IR-16", "084"
    KOHGILUYEH_AND_BOYER_AHMAD = "کهگیلویه و بویراحمد", "IR-17", "074"
    BUSHEHR = "بوشهر", "IR-18", "077"
    ZANJAN = "زنجان", "IR-19", "024"
    SEMNAN = "سمنان", "IR-20", "023"
    YAZD = "یزد", "IR-21", "035"
    HORMOZGAN = "هرمزگان", "IR-22", "076"
    TEHRAN = "تهران", "IR-23", "021"
    ARDABIL = "اردبیل", "IR-24", "045"
    QOM = "قم", "IR-25", "025"
    QAZVIN = "قزوین", "IR-26", "028"
    GOLESTAN = "گلستان", "IR-27", "017"
    NORTH_KHORASAN = "خراسان شمالی", "IR-28", "058"
    SOUTH_KHORASAN = "خراسان جنوبی", "IR-29", "056"
    ALBORZ = "البرز", "IR-30", "026"

    @classmethod
    def parse(cls, text: str) -> "Province":
        """By its Persian name in any spelling, with or without the word استان before it."""
        key = matching_key(text)
        province = _BY_KEY.get(key) or _BY_KEY.get(key.removeprefix("استان"))
        if province is None:
            raise Invalid(UNKNOWN_PROVINCE)
        return province

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._validated, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "enum": [province.value for province in cls],
            "examples": [cls.TEHRAN.value],
        }

    @classmethod
    def _validated(cls, text: str) -> "Province":
        try:
            return cls.parse(text)
        except Invalid as invalid:
            raise as_pydantic(invalid) from None


_BY_KEY = {matching_key(province.value): province for province in Province}
