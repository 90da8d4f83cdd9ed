"""Jibit's identification services ("identicator"): a pair of tokens, queries, flat answers.

An error is ``{code, message}``, or ``{errors: [{code, message}]}`` where the code ``invalid.argument`` leaves
the particular to the message. A refused token is the code ``forbidden``, or HTTP 401.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus

from pyreqwest.client import Client

from chassis.clock import Clock
from identity.inquiries.domain import Kind, Likeness, Outage, Person, Question, Result
from identity.inquiries.providers.birth_date import jalali
from identity.inquiries.providers.port import Reply
from identity.inquiries.providers.tokens import AccessTokens, Token
from identity.inquiries.providers.wire import Exchange, NoAnswer, exchange

TOKEN_LIFE = timedelta(minutes=30)
"""The answer does not tell; the provider's SDKs assume it."""

PATHS: Mapping[Kind, str] = {
    Kind.MOBILE_OWNER: "/v1/services/matching",
    Kind.CIVIL_REGISTRY: "/v1/services/identity/similarity",
    Kind.IBAN_OWNER: "/v1/services/matching",
}
PARAMETERS: Mapping[Kind, Callable[[Person], Mapping[str, str]]] = {
    Kind.MOBILE_OWNER: lambda person: {"nationalCode": person.national_code, "mobileNumber": person.mobile},
    Kind.CIVIL_REGISTRY: lambda person: {
        "checkAliveness": "true",
        "nationalCode": person.national_code,
        "birthDate": _digits(person),
        "firstName": person.first_name,
        "lastName": person.last_name,
        "fullName": f"{person.first_name} {person.last_name}",
    },
    Kind.IBAN_OWNER: lambda person: {
        "iban": person.iban,
        "nationalCode": person.national_code,
        "birthDate": _digits(person),
    },
}

CODES: Mapping[str, tuple[Result, str]] = {
    "identity_info.not_found": (Result.NO_MATCH, "birth_date"),
    "nationalCode.not_valid": (Result.INVALID_INPUT, "national_code"),
    "nationalCode.is_invalid": (Result.INVALID_INPUT, "national_code"),
    "mobileNumber.not_valid": (Result.INVALID_INPUT, "mobile"),
    "mobileNumber.is_invalid": (Result.INVALID_INPUT, "mobile"),
    "birthDate.not_valid": (Result.INVALID_INPUT, "birth_date"),
    "birthDate.is_invalid": (Result.INVALID_INPUT, "birth_date"),
    "iban.not_valid": (Result.INVALID_INPUT, "iban"),
    "iban.is_invalid": (Result.INVALID_INPUT, "iban"),
}
OUTAGES: Mapping[str, Outage] = {
    "matching.unknown": Outage.QUESTION,
    "iban.provider_is_not_active": Outage.BANK,
    "iban.source_bank_is_not_active": Outage.BANK,
}
"""The two of banks are documented for cards and used for Shebas alike. Every other code (no credit, daily
limit, ``providers.not_available``, ``server.error``) is an outage of the provider.
"""
FORBIDDEN = "forbidden"


class Jibit:
    """``url`` is the origin with the path of the product, ``https://napi.jibit.ir/ide``."""

    name = "jibit"

    def __init__(
        self, client: Client, url: str, api_key: str, secret_key: str, *, likeness: Likeness, clock: Clock
    ) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._credentials = {"apiKey": api_key, "secretKey": secret_key}
        self._likeness = likeness
        self._clock = clock
        self._tokens = AccessTokens(self._generate, self._refresh, clock)

    async def ask(self, question: Question, trace_id: str) -> Reply:
        query = PARAMETERS[question.kind](question.person)

        async def send(token: str) -> Exchange:
            request = self._client.get(self._url + PATHS[question.kind])
            return await exchange(request.query(dict(query)).bearer_auth(token))

        try:
            answer = await self._tokens.call(send, _refuses_the_token)
        except NoAnswer as failure:
            return Reply(Result.UNAVAILABLE, failure.reason, Outage.PROVIDER)
        if answer.status != HTTPStatus.OK:
            return _failure(answer)
        if question.kind is Kind.CIVIL_REGISTRY:
            return self._person(answer)
        return answer.matched(answer.document.get("matched"), "not_the_owner")

    def _person(self, answer: Exchange) -> Reply:
        if answer.document.get("alive") is False:
            return answer.reply(Result.NO_MATCH, "deceased")
        first = answer.document.get("firstNameSimilarityPercentage")
        last = answer.document.get("lastNameSimilarityPercentage")
        if not (isinstance(first, int | float) and isinstance(last, int | float)):
            return answer.unavailable("not_understood")
        return answer.matched(self._likeness.reached(first, last), "name")

    async def _generate(self) -> Token:
        return await self._token("generate", self._credentials)

    async def _refresh(self, token: Token) -> Token:
        pair = {"accessToken": token.value, "refreshToken": token.refresh or ""}
        return await self._token("refresh", pair)

    async def _token(self, operation: str, body: Mapping[str, str]) -> Token:
        asked_at = self._clock()
        answer = await exchange(self._client.post(f"{self._url}/v1/tokens/{operation}").body_json(dict(body)))
        value, refresh = answer.document.get("accessToken"), answer.document.get("refreshToken")
        if not isinstance(value, str):
            raise NoAnswer("no_token")
        return Token(value, refresh if isinstance(refresh, str) else None, asked_at + TOKEN_LIFE)


def _digits(person: Person) -> str:
    """``13690222``."""
    return jalali(person.birth_date).replace("/", "")


def _code(answer: Exchange) -> str:
    """The particular code of an error in either form."""
    errors = answer.document.get("errors")
    error = errors[0] if isinstance(errors, list) and errors else answer.document
    if not isinstance(error, dict):
        return ""
    code = str(error.get("code") or "")
    return str(error.get("message") or "") if code == "invalid.argument" else code


def _refuses_the_token(answer: Exchange) -> bool:
    return answer.status == HTTPStatus.UNAUTHORIZED or _code(answer) == FORBIDDEN


def _failure(answer: Exchange) -> Reply:
    code = _code(answer)
    if known := CODES.get(code):
        return answer.reply(*known)
    return answer.unavailable(code or f"http_{answer.status}", OUTAGES.get(code, Outage.PROVIDER))
