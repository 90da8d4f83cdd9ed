"""One exchange with a provider, and the little that all of them have in common."""

from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

from pydantic_core import from_json
from pyreqwest.exceptions import PyreqwestError
from pyreqwest.request import RequestBuilder

from chassis.logging import get_logger
from payment.providers.port import Conflict, NotPaid, SessionState, Unanswered, Verification, Verified

log = get_logger(__name__)

REDIRECTS = range(300, 400)
SERVER_ERRORS = 500
DOUBT = (Unanswered, SessionState, NotPaid)
LONGEST = 1_000_000
"""Bytes; what is longer is no answer of a payment provider."""


async def answered(request: RequestBuilder) -> dict[str, Any] | Unanswered:
    """The JSON object that comes back, whatever its status below 500. A redirect is no answer."""
    raw = await received(request)
    if isinstance(raw, Unanswered):
        return raw
    try:
        document = from_json(raw)
    except ValueError:
        return Unanswered("no JSON")
    return document if isinstance(document, dict) else Unanswered("not an object")


async def received(request: RequestBuilder) -> bytes | Unanswered:
    """The body that comes back, whatever its status below 500 but a redirect's."""
    try:
        response = await request.build().send()
        if response.status >= SERVER_ERRORS or response.status in REDIRECTS:
            return Unanswered(f"HTTP {response.status}")
        raw = bytes(await response.bytes())
    except PyreqwestError as error:
        return Unanswered(type(error).__name__)
    return raw if len(raw) <= LONGEST else Unanswered("too long")


def not_understood(provider: str, operation: str, code: object) -> Unanswered:
    """A refusal that tells nothing about the money, such as too many attempts or a wrong merchant."""
    log.warning("payment.provider.refused", provider=provider, operation=operation, refusal=code)
    return Unanswered(f"code {code}", heard=True)


def masked(pan: object) -> str | None:
    """A masked card number as it came; anything with all its digits is not kept."""
    return pan if isinstance(pan, str) and "*" in pan else None


def integer(value: object) -> int | None:
    """A number that providers write as one or as a string of its digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if isinstance(value, int) or (value.isascii() and value.isdecimal()) else None


def lowered(parameters: Mapping[str, str]) -> dict[str, str]:
    """By lower-case name: some providers change the case of what they send back."""
    return {name.lower(): value for name, value in parameters.items()}


async def first_that_tells(asked: Iterable[Awaitable[Verification]]) -> Verification:
    """What asking about each claim comes to: the first with money, else what is most in doubt."""
    rest: list[Verification] = []
    for one in asked:
        answer = await one
        if isinstance(answer, Verified | Conflict):
            return answer
        rest.append(answer)
    return min(rest, key=lambda answer: DOUBT.index(type(answer)), default=NotPaid())
