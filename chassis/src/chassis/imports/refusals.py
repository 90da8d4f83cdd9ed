"""Why a file is not taken, or not to its end."""

from chassis.errors import Problem, Sentence


class Unreadable(Exception):
    """The file cannot be read; ``code`` is one of ``FAILURES``."""

    def __init__(self, code: str, details: str = "") -> None:
        super().__init__(f"{code}: {details}" if details else code)


FAILURES = {
    "not_text": Sentence("پرونده متن UTF-8 نیست.", "The file is not UTF-8 text."),
    "not_a_workbook": Sentence("پرونده یک کارنامه‌ی XLSX نیست.", "The file is not an XLSX workbook."),
    "too_large_unpacked": Sentence(
        "پرونده پس از باز شدن از اندازه‌ی مجاز بزرگ‌تر است.", "Unpacked, the file is larger than allowed."
    ),
    "malformed": Sentence("ساختار پرونده شکسته است.", "The structure of the file is broken."),
    "no_columns": Sentence("پرونده سطر عنوان ندارد.", "The file has no line of headings."),
    "missing_columns": Sentence(
        "این ستون‌ها در پرونده نیست: {details}", "These columns are not in the file: {details}"
    ),
    "repeated_columns": Sentence(
        "این ستون‌ها بیش از یک بار آمده‌اند: {details}", "These columns are there more than once: {details}"
    ),
    "internal_error": Sentence(
        "پردازش پرونده به خطا خورد؛ سطرهای پذیرفته‌شده به جای خود ماند.",
        "Taking the file in failed; the rows that were taken stay.",
    ),
}


def failure_of(stored: str) -> tuple[str, Sentence]:
    """The code and the sentence of what was stored of an ``Unreadable``."""
    code, _, details = stored.partition(": ")
    sentence = FAILURES[code]
    return code, Sentence(sentence.fa.format(details=details), sentence.en.format(details=details))


class NotUploading(Problem):
    status = 409
    code = "import_not_uploading"
    fa = "بارگذاری این پرونده به پایان رسیده است."
    en = "The upload of this file is over."


class MissingParts(Problem):
    status = 409
    code = "import_parts_missing"
    fa = "همه‌ی پاره‌های پرونده نرسیده است."
    en = "Not all parts of the file have arrived."


class TooManyParts(Problem):
    status = 413
    code = "import_too_large"
    fa = "پرونده بزرگ‌تر از اندازه‌ی مجاز است."
    en = "The file is larger than allowed."


class EmptyPart(Problem):
    status = 422
    code = "import_part_empty"
    fa = "این پاره‌ی پرونده خالی است."
    en = "This part of the file is empty."
