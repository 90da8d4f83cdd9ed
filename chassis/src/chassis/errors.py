"""Refusals, and how they look on the wire: RFC 9457 ``application/problem+json``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any, ClassVar

from iran import jalali_moment, jalali_text, to_persian_digits

TYPE_PREFIX = "urn:nobat:problem:"
CONTENT_TYPE = "application/problem+json"


class _Persian(Formatter):
    """Numbers and times as people read them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        match value:
            case datetime():
                return jalali_moment(value)
            case date():
                return jalali_text(value)
            case int() | float():
                return to_persian_digits(super().format_field(value, format_spec))
            case _:
                return str(super().format_field(value, format_spec))


_PERSIAN = _Persian()


@dataclass(frozen=True)
class Sentence:
    """The same sentence in both languages."""

    fa: str
    en: str

    def filled(self, values: Mapping[str, Any]) -> "Sentence":
        """With values in the places of the names in braces."""
        return Sentence(_PERSIAN.vformat(self.fa, (), values), self.en.format_map(values))

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.fa


@dataclass(frozen=True)
class FieldError:
    """One wrong field: its JSON path, the rule's stable name, and what is wrong with it."""

    field: str
    code: str
    message: Sentence


class Problem(Exception):
    """A refusal that the caller is told about; subclasses are the catalogue.

    A subclass sets ``status``, ``code`` (stable, snake case), ``fa`` and ``en``; the sentences may
    name keyword arguments in braces, which then also appear as members of the answer.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str]
    fa: ClassVar[str]
    en: ClassVar[str]

    def __init__(
        self, *, errors: Iterable[FieldError] = (), headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = members

    @property
    def detail(self) -> Sentence:
        return Sentence(self.fa, self.en).filled(self.members)

    def body(self, language: str, trace_id: str | None = None) -> dict[str, Any]:
        """The members of the problem document in one language."""
        document: dict[str, Any] = {
            "type": TYPE_PREFIX + self.code,
            "title": self.code.replace("_", " "),
            "status": self.status,
            "code": self.code,
            "detail": self.detail.in_language(language),
            **self.members,
        }
        if self.errors:
            document["errors"] = [
                {"field": error.field, "code": error.code, "message": error.message.in_language(language)}
                for error in self.errors
            ]
        if trace_id:
            document["trace_id"] = trace_id
        return document


def preferred_language(accept_language: str | None) -> str:
    """``fa`` or ``en``, whichever the header weighs more; Persian when it says nothing of either."""
    weights = {"fa": 0.0, "en": 0.0}
    for part in (accept_language or "").lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(parameter))
    return "en" if weights["en"] > weights["fa"] else "fa"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class MalformedJson(Problem):
    status = 400
    code = "malformed_json"
    fa = "متن درخواست JSON درستی نیست."
    en = "The body of the request is not valid JSON."


class InvalidFields(Problem):
    status = 422
    code = "invalid_fields"
    fa = "بعضی از خانه‌ها درست پر نشده‌اند."
    en = "Some fields are not right."


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"
    fa = "برای این کار باید وارد شوید."
    en = "Log in to do this."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class SessionEnded(Problem):
    status = 401
    code = "session_ended"
    fa = "نشست شما پایان یافته است؛ دوباره وارد شوید."
    en = "The session has ended; log in again."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class AuthenticatorRequired(Problem):
    status = 403
    code = "authenticator_required"
    fa = "پیش از هر کار، برنامه‌ی رمزساز خود را فعال کنید."
    en = "Enrol an authenticator app before anything else."


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    fa = "شما اجازه‌ی این کار را ندارید."
    en = "You are not allowed to do this."


class NotFound(Problem):
    status = 404
    code = "not_found"
    fa = "چیزی با این نشانی پیدا نشد."
    en = "There is nothing here."


class MethodNotAllowed(Problem):
    status = 405
    code = "method_not_allowed"
    fa = "این نشانی این عمل را نمی‌پذیرد."
    en = "This address does not accept this method."


class BodyTooLarge(Problem):
    status = 413
    code = "body_too_large"
    fa = "درخواست بزرگ‌تر از اندازه‌ی مجاز است."
    en = "The request is larger than allowed."


class UnsupportedMediaType(Problem):
    status = 415
    code = "unsupported_media_type"
    fa = "قالب محتوای درخواست پذیرفته نیست."
    en = "The content type of the request is not accepted."


class TooManyRequests(Problem):
    status = 429
    code = "too_many_requests"
    fa = "درخواست‌های شما زیاد است؛ {retry_after} ثانیه‌ی دیگر دوباره تلاش کنید."
    en = "Too many requests; try again in {retry_after} seconds."

    def __init__(self, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)}, retry_after=retry_after)


class InternalError(Problem):
    status = 500
    code = "internal_error"
    fa = "خطایی در سامانه رخ داد؛ لطفاً دوباره تلاش کنید."
    en = "Something went wrong here; please try again."


class Unavailable(Problem):
    status = 503
    code = "unavailable"
    fa = "سامانه اکنون در دسترس نیست؛ چند لحظه‌ی دیگر دوباره تلاش کنید."
    en = "The service is not available now; try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class RequestRefused(Problem):
    """An HTTP error that has no entry of its own in the catalogue, such as 406."""

    code = "request_refused"
    fa = "این درخواست پذیرفته نیست."
    en = "This request is not accepted."
