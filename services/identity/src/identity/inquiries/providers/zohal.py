"""Zohal: one lasting token, JSON posts, answers ``{result, response_body: {data, error_code?, message}}``.

``result`` decides whatever the HTTP status: 1 done, 4 token not active, 5 service unavailable, 6 parameters.
An ``error_code`` may come with any of them. Names come back and are compared here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pyreqwest.client import Client

from identity.inquiries.domain import Kind, Likeness, Outage, Person, Question, Result, likeness
from identity.inquiries.providers.birth_date import jalali
from identity.inquiries.providers.port import Reply
from identity.inquiries.providers.wire import Exchange, NoAnswer, exchange

SERVICES: Mapping[Kind, str] = {
    Kind.MOBILE_OWNER: "shahkar",
    Kind.CIVIL_REGISTRY: "national_identity_inquiry",
    Kind.IBAN_OWNER: "check_iban_with_national_code",
}
BODIES: Mapping[Kind, Callable[[Person], Mapping[str, str]]] = {
    Kind.MOBILE_OWNER: lambda person: {"mobile": person.mobile, "national_code": person.national_code},
    Kind.CIVIL_REGISTRY: lambda person: {
        "national_code": person.national_code,
        "birth_date": jalali(person.birth_date),
    },
    Kind.IBAN_OWNER: lambda person: {
        "IBAN": person.iban,
        "national_code": person.national_code,
        "birth_date": jalali(person.birth_date),
    },
}
DONE = 1
WRONG_PARAMETERS = 6
ERROR_CODES: Mapping[str, tuple[Result, str]] = {
    "INVALID_NATIONAL_CODE": (Result.INVALID_INPUT, "national_code"),
    "INVALID_MOBILE": (Result.INVALID_INPUT, "mobile"),
    "INVALID_BIRTH_DATE": (Result.INVALID_INPUT, "birth_date"),
    "INVALID_IBAN": (Result.INVALID_INPUT, "iban"),
    "IBAN_NOT_FOUND": (Result.INVALID_INPUT, "iban"),
    "IDENTITY_NOT_FOUND": (Result.NO_MATCH, "birth_date"),
}
OUTAGES: Mapping[str, Outage] = {"BANK_NOT_AVAILABLE": Outage.BANK, "BANK_IS_INACTIVE": Outage.BANK}
"""Of the codes only the form is documented (``CARD_NOT_FOUND``); one that is not here is an outage."""


class Zohal:
    """``url`` ends before ``/services``: ``https://service.zohal.io/api/v0``."""

    name = "zohal"

    def __init__(self, client: Client, url: str, token: str, *, likeness: Likeness) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._token = token
        self._likeness = likeness

    async def ask(self, question: Question, trace_id: str) -> Reply:
        """The protocol has no place for ``trace_id``."""
        request = self._client.post(f"{self._url}/services/inquiry/{SERVICES[question.kind]}")
        body = dict(BODIES[question.kind](question.person))
        try:
            answer = await exchange(request.body_json(body).bearer_auth(self._token))
        except NoAnswer as failure:
            return Reply(Result.UNAVAILABLE, failure.reason, Outage.PROVIDER)
        data = answer.part("response_body").get("data")
        if (failed := _failure(answer)) or not isinstance(data, dict):
            return failed or answer.unavailable("not_understood")
        if question.kind is Kind.CIVIL_REGISTRY:
            return self._person(answer, data, question.person)
        return answer.matched(data.get("matched"), "not_the_owner")

    def _person(self, answer: Exchange, data: Mapping[str, Any], person: Person) -> Reply:
        if data.get("matched") is not True:
            return answer.matched(data.get("matched"), "birth_date")
        if data.get("is_dead") is True or data.get("alive") is False:
            return answer.reply(Result.NO_MATCH, "deceased")
        first, last = data.get("first_name"), data.get("last_name")
        if not (isinstance(first, str) and isinstance(last, str)):
            return answer.unavailable("not_understood")
        alike = likeness(first, person.first_name), likeness(last, person.last_name)
        return answer.matched(self._likeness.reached(*alike), "name")


def _failure(answer: Exchange) -> Reply | None:
    """The reply to anything but a completed inquiry."""
    result, code = answer.document.get("result"), answer.part("response_body").get("error_code")
    if isinstance(code, str) and code:
        known = ERROR_CODES.get(code)
        return answer.reply(*known) if known else answer.unavailable(code, OUTAGES.get(code, Outage.PROVIDER))
    if result == DONE:
        return None
    if result == WRONG_PARAMETERS:
        return answer.reply(Result.INVALID_INPUT, "parameters")
    return answer.unavailable(f"result_{result}" if isinstance(result, int) else f"http_{answer.status}")
