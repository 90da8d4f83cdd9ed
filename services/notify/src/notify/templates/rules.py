"""Whether a text can be the template of a name: what it must and what it must not say."""

import re
import string
from collections.abc import Iterator, Mapping

from chassis.errors import FieldError, InvalidFields, Sentence
from notify.templates.domain import FIELDS, render
from notify.templates.samples import SAMPLES

MAX_LENGTH = 900
"""Kavenegar's limit on a message, in characters."""
SINGLE_PART, JOINED_PART = 70, 67
"""UTF-16 units in an SMS of one part, and in each part of a longer one (3GPP TS 23.040, UCS-2)."""
MOST_PARTS = 4
CODE = "code"
LINK = re.compile(r"://|\bwww\.|[a-z0-9-]\.[a-z]{2,}", re.IGNORECASE)
"""A link, or what phones turn into one."""
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters other than the line break, and what turns the direction of the text around."""

SENTENCES: Mapping[str, Sentence] = {
    "empty": Sentence("متن خالی است.", "The text is empty."),
    "malformed_placeholder": Sentence(
        "آکولادها باید جفت باشند و تنها نام یک خانه را در بر گیرند.",
        "Braces come in pairs and hold the name of a field, nothing else.",
    ),
    "unknown_placeholder": Sentence(
        "این پیام این خانه‌ها را نمی‌شناسد: {names}", "This message does not know: {names}."
    ),
    "code_missing": Sentence(
        "پیام رمز باید رمز را درست یک بار بگوید.", "A message with a code says it exactly once."
    ),
    "link_in_code": Sentence("پیام رمز نباید پیوند داشته باشد.", "A message with a code holds no link."),
    "unseen_character": Sentence(
        "متن نویسه‌ی کنترلی یا برگرداننده‌ی جهت دارد.", "The text holds a control or direction character."
    ),
    "too_long": Sentence(
        "متن با نمونه‌ها {length} نویسه می‌شود؛ بیش از {most} پذیرفته نیست.",
        "With the samples the text has {length} characters; more than {most} are not accepted.",
    ),
    "too_many_parts": Sentence(
        "متن با نمونه‌ها {parts} پیامک می‌شود؛ بیش از {most} پذیرفته نیست.",
        "With the samples the text takes {parts} SMS; more than {most} are not accepted.",
    ),
    "pattern_missing": Sentence(
        "پیام رمز دست‌کم نزد یک سرویس‌دهنده الگو می‌خواهد.",
        "A message with a code needs a pattern at one provider or more.",
    ),
    "pattern_needless": Sentence("تنها پیام رمز الگو دارد.", "Only messages with a code have patterns."),
}


class InvalidTemplate(InvalidFields):
    """The text cannot be used as the template of this name."""


def check(name: str, text: str, patterns: Mapping[str, str]) -> None:
    """Raises ``InvalidTemplate`` with everything that is wrong. ``patterns`` are names by provider."""
    _refuse([*_of_text(name, text), *_of_patterns(name, patterns)])


def check_text(name: str, text: str) -> None:
    """The same, whatever its patterns."""
    _refuse(list(_of_text(name, text)))


def _refuse(found: list[FieldError]) -> None:
    if found:
        raise InvalidTemplate(errors=found)


def is_code(name: str) -> bool:
    return CODE in FIELDS[name]


def _of_text(name: str, text: str) -> Iterator[FieldError]:
    if not text.strip():
        yield _fault("text", "empty")
    if UNSEEN.search(text):
        yield _fault("text", "unseen_character")
    try:
        said = placeholders(text)
    except ValueError:
        yield _fault("text", "malformed_placeholder")
        return
    if unknown := set(said) - FIELDS[name]:
        yield _fault("text", "unknown_placeholder", names=", ".join(sorted(unknown)))
        return
    if is_code(name) and said.count(CODE) != 1:
        yield _fault("text", "code_missing")
    yield from _of_sample(name, render(text, SAMPLES))


def _of_sample(name: str, sample: str) -> Iterator[FieldError]:
    most = 1 if is_code(name) else MOST_PARTS
    if is_code(name) and LINK.search(sample):
        yield _fault("text", "link_in_code")
    if len(sample) > MAX_LENGTH:
        yield _fault("text", "too_long", length=len(sample), most=MAX_LENGTH)
    elif parts(sample) > most:
        yield _fault("text", "too_many_parts", parts=parts(sample), most=most)


def _of_patterns(name: str, patterns: Mapping[str, str]) -> Iterator[FieldError]:
    if is_code(name) and not patterns:
        yield _fault("patterns", "pattern_missing")
    if patterns and not is_code(name):
        yield _fault("patterns", "pattern_needless")


def _fault(field: str, code: str, **values: object) -> FieldError:
    sentence = SENTENCES[code]
    return FieldError(field, code, Sentence(sentence.fa.format(**values), sentence.en.format(**values)))


def placeholders(text: str) -> list[str]:
    """The names in braces, as often as they stand there; ValueError when a brace holds anything else."""
    parsed = list(string.Formatter().parse(text))
    if any(spec or conversion for _, _, spec, conversion in parsed):
        raise ValueError("a placeholder is formatted by itself")
    return [field for _, field, _, _ in parsed if field is not None]


def units(text: str) -> int:
    """UTF-16 units, which is what SMS of a Persian text are counted in."""
    return len(text.encode("utf-16-le")) // 2


def parts(text: str) -> int:
    """How many SMS a Persian text takes."""
    return 1 if units(text) <= SINGLE_PART else -(-units(text) // JOINED_PART)
