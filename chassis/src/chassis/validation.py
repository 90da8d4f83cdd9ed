"""Pydantic's findings as field errors: every wrong field at once, in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from chassis.errors import FieldError, InvalidFields, MalformedJson, Problem, Sentence

SENTENCES: Mapping[str, Sentence] = {
    "missing": Sentence("این خانه لازم است.", "This field is required."),
    "extra_forbidden": Sentence("این خانه شناخته نیست.", "This field is not known."),
    "string_type": Sentence("باید متن باشد.", "It must be text."),
    "string_too_short": Sentence(
        "دست‌کم {min_length} نویسه لازم است.", "At least {min_length} characters are needed."
    ),
    "string_too_long": Sentence(
        "بیش از {max_length} نویسه پذیرفته نیست.", "More than {max_length} characters are not accepted."
    ),
    "string_pattern_mismatch": Sentence("قالب آن درست نیست.", "Its form is not right."),
    "int_type": Sentence("باید عدد درست باشد.", "It must be a whole number."),
    "int_parsing": Sentence("باید عدد درست باشد.", "It must be a whole number."),
    "int_from_float": Sentence("باید عدد درست باشد.", "It must be a whole number."),
    "bool_type": Sentence("باید درست یا نادرست باشد.", "It must be true or false."),
    "bool_parsing": Sentence("باید درست یا نادرست باشد.", "It must be true or false."),
    "greater_than": Sentence("باید بزرگ‌تر از {gt} باشد.", "It must be greater than {gt}."),
    "greater_than_equal": Sentence("باید دست‌کم {ge} باشد.", "It must be at least {ge}."),
    "less_than": Sentence("باید کوچک‌تر از {lt} باشد.", "It must be less than {lt}."),
    "less_than_equal": Sentence("باید حداکثر {le} باشد.", "It must be at most {le}."),
    "multiple_of": Sentence("باید مضربی از {multiple_of} باشد.", "It must be a multiple of {multiple_of}."),
    "too_short": Sentence("دست‌کم {min_length} مورد لازم است.", "At least {min_length} items are needed."),
    "too_long": Sentence(
        "بیش از {max_length} مورد پذیرفته نیست.", "More than {max_length} items are not accepted."
    ),
    "literal_error": Sentence("یکی از مقدارهای مجاز نیست.", "It is not one of the allowed values."),
    "enum": Sentence("یکی از مقدارهای مجاز نیست.", "It is not one of the allowed values."),
    "uuid_parsing": Sentence("شناسه درست نیست.", "It is not a valid identifier."),
    "uuid_type": Sentence("شناسه درست نیست.", "It is not a valid identifier."),
    "date_from_datetime_parsing": Sentence("تاریخ درست نیست.", "It is not a valid date."),
    "date_parsing": Sentence("تاریخ درست نیست.", "It is not a valid date."),
    "date_type": Sentence("تاریخ درست نیست.", "It is not a valid date."),
    "datetime_parsing": Sentence("زمان درست نیست.", "It is not a valid time."),
    "datetime_from_date_parsing": Sentence("زمان درست نیست.", "It is not a valid time."),
    "timezone_aware": Sentence("زمان باید منطقه‌ی زمانی داشته باشد.", "The time needs a time zone."),
    "time_delta_parsing": Sentence("مدت درست نیست.", "It is not a valid duration."),
    "model_attributes_type": Sentence("باید یک شیء JSON باشد.", "It must be a JSON object."),
    "model_type": Sentence("باید یک شیء JSON باشد.", "It must be a JSON object."),
    "dict_type": Sentence("باید یک شیء JSON باشد.", "It must be a JSON object."),
    "list_type": Sentence("باید فهرست باشد.", "It must be a list."),
}
OTHERWISE = Sentence("مقدار آن پذیرفته نیست.", "Its value is not accepted.")
JSON_ERRORS = frozenset({"json_invalid", "json_type"})
SOURCES = frozenset({"body", "query", "path", "header", "cookie"})
MAX_FINDINGS = 100
MAX_PATH_LENGTH = 200


def wrong_value(code: str, fa: str, en: str) -> PydanticCustomError:
    """What a validator raises for what pydantic itself cannot find."""
    return PydanticCustomError(code, "{en}", {"fa": fa, "en": en})


def problem_of(findings: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem that answers what pydantic or FastAPI found (``.errors()``), its first hundred findings."""
    if any(finding["type"] in JSON_ERRORS for finding in findings):
        return MalformedJson()
    return InvalidFields(errors=[_field_error(finding) for finding in findings[:MAX_FINDINGS]])


def problem_of_model(error: ValidationError) -> Problem:
    """The same of a model that nobody but pydantic has looked at: its findings name fields, not sources."""
    findings = error.errors(include_input=False, include_url=False)
    return problem_of([{**finding, "loc": ("body", *finding["loc"])} for finding in findings])


def _field_error(finding: Mapping[str, Any]) -> FieldError:
    context = finding.get("ctx") or {}
    kind = _kind(str(finding["type"]), context)
    return FieldError(_path(finding["loc"]), kind, _sentence(kind, context))


def _kind(kind: str, context: Mapping[str, Any]) -> str:
    """A text whose length is looked at after its validator is a ``Value`` to pydantic."""
    is_text = context.get("field_type") == "Value" and f"string_{kind}" in SENTENCES
    return f"string_{kind}" if is_text else kind


def _path(location: Sequence[int | str]) -> str:
    parts = location[1:] if location and location[0] in SOURCES else location
    return ".".join(str(part) for part in parts)[:MAX_PATH_LENGTH]


def _sentence(kind: str, context: Mapping[str, Any]) -> Sentence:
    if "fa" in context and "en" in context:
        return Sentence(str(context["fa"]), str(context["en"]))
    return SENTENCES.get(kind, OTHERWISE).filled(context)
