"""Refusals: the language they speak, the members they have."""

from datetime import UTC, datetime
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from chassis import errors
from chassis.errors import FieldError, InvalidFields, Problem, Sentence, TooManyRequests, preferred_language
from chassis.validation import MAX_FINDINGS, OTHERWISE, SENTENCES, problem_of, problem_of_model

LANGUAGES = {
    None: "fa",
    "": "fa",
    "*": "fa",
    "fa": "fa",
    "en": "en",
    "EN-gb": "en",
    "fa-IR": "fa",
    "de": "fa",
    "de, en;q=0.3": "en",
    "en, fa": "fa",
    "fa, en": "fa",
    "en;q=0.8, fa;q=0.9": "fa",
    "en;q=0.9, fa;q=0.8": "en",
    "fa;q=0.1, en-US;q=0.2, en;q=0.05": "en",
    "fa;q=0, en;q=0.001": "en",
    "en;q=0": "fa",
    "en;q=x": "fa",
    "en;q=nan": "fa",
    "en; q=0.5": "en",
    "english": "fa",
    "en\x00": "fa",
}


@pytest.mark.parametrize("header", LANGUAGES)
def test_the_language_is_the_one_that_weighs_more(header: str | None) -> None:
    assert preferred_language(header) == LANGUAGES[header]


@given(st.text())
def test_any_header_chooses_one_of_the_two(header: str) -> None:
    assert preferred_language(header) in {"fa", "en"}


CATALOGUE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Problem)]


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if kind not in {Problem, TooManyRequests}])
def test_every_refusal_speaks_both_languages(kind: type[Problem]) -> None:
    document = kind().body("fa", "a" * 32)
    assert document["type"] == f"urn:nobat:problem:{kind.code}"
    assert document["status"] == kind.status
    assert document["trace_id"] == "a" * 32
    assert document["detail"] == kind.fa
    assert kind().body("en")["detail"] == kind.en
    assert kind.fa != kind.en


def test_a_sentence_names_its_members() -> None:
    problem = TooManyRequests(7)
    assert problem.headers == {"Retry-After": "7"}
    assert problem.body("en")["detail"] == "Too many requests; try again in 7 seconds."
    assert problem.body("en")["retry_after"] == 7


def test_numbers_and_times_are_written_as_each_language_has_them() -> None:
    at = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    told = Sentence("{n} بار تا {day} و {at} با {code}", "{n} times until {day} and {at} with {code}")
    filled = told.filled({"n": 42, "day": at.date(), "at": at, "code": "A-1"})
    assert filled.fa == "۴۲ بار تا ۱ آذر ۱۴۰۵ و ۱۴۰۵/۰۹/۰۱ ساعت ۱۲:۰۰ با A-1"
    assert filled.en == f"42 times until 2026-11-22 and {at} with A-1"


def test_braces_in_a_sentence_of_a_field_are_only_braces() -> None:
    finding = {"type": "odd", "loc": ("body", "a"), "ctx": {"fa": "{x} ناشناخته", "en": "{x} unknown"}}
    assert problem_of([finding]).body("en")["errors"][0]["message"] == "{x} unknown"


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_finding_has_its_sentence(kind: str) -> None:
    limits = dict.fromkeys(["min_length", "max_length", "gt", "ge", "lt", "le", "multiple_of"], 3)
    problem = problem_of([{"type": kind, "loc": ("body", "list", 0, "field"), "ctx": limits}])
    (error,) = problem.errors
    assert error.field == "list.0.field"
    assert "{" not in error.message.fa + error.message.en


def test_an_unforeseen_finding_still_has_a_sentence() -> None:
    assert problem_of([{"type": "new_in_pydantic", "loc": ()}]).errors == (
        FieldError("", "new_in_pydantic", OTHERWISE),
    )


def test_a_text_has_characters_and_a_list_has_items() -> None:
    class Form(BaseModel):
        text: Annotated[str, AfterValidator(str.strip), Field(min_length=2)]
        rows: Annotated[list[int], Field(min_length=2)]

    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"text": "x ", "rows": [1]})
    assert [error.message.en for error in problem_of_model(refused.value).errors] == [
        "At least 2 characters are needed.",
        "At least 2 items are needed.",
    ]


def test_the_answer_to_a_flood_of_findings_is_bounded() -> None:
    flood = [{"type": "extra_forbidden", "loc": ("body", "x" * 5000)}] * 10_000
    problem = problem_of(flood)
    assert len(problem.errors) == MAX_FINDINGS
    assert len(problem.errors[0].field) <= 200


def test_a_field_error_is_told_in_the_callers_language() -> None:
    problem = InvalidFields(errors=[FieldError("mobile", "odd", Sentence("نادرست", "wrong"))])
    assert problem.body("fa")["errors"] == [{"field": "mobile", "code": "odd", "message": "نادرست"}]
    assert problem.body("en")["errors"] == [{"field": "mobile", "code": "odd", "message": "wrong"}]
