"""Finnotech: client-credential tokens, a track id with every call, similarities instead of names.

Answers are ``{trackId, result, status, responseCode?, error: {code, message}}``; a refused token comes as the
message "invalid token", inside ``error`` or beside it. A Sheba is matched by national code and birth date.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from pyreqwest.client import Client

from chassis.clock import Clock
from identity.inquiries.domain import Kind, Likeness, Outage, Person, Question, Result
from identity.inquiries.providers.birth_date import jalali
from identity.inquiries.providers.port import Reply
from identity.inquiries.providers.tokens import AccessTokens, Token
from identity.inquiries.providers.wire import Exchange, NoAnswer, exchange

SCOPES = ("facility:shahkar:get", "oak:nid-verification:get", "kyc:iban-owner-verification:get")
PATHS: Mapping[Kind, str] = {
    Kind.MOBILE_OWNER: "/mpg/v2/clients/{client}/shahkar/verify",
    Kind.CIVIL_REGISTRY: "/oak/v2/clients/{client}/nidVerification",
    Kind.IBAN_OWNER: "/kyc/v2/clients/{client}/ibanOwnerVerification",
}
"""Contracts differ in where a service is; ``paths`` of the adapter replaces single ones."""

PARAMETERS: Mapping[Kind, Callable[[Person], Mapping[str, str]]] = {
    Kind.MOBILE_OWNER: lambda person: {"nationalCode": person.national_code, "mobile": person.mobile},
    Kind.CIVIL_REGISTRY: lambda person: {
        "nationalCode": person.national_code,
        "birthDate": jalali(person.birth_date),
        "firstName": person.first_name,
        "lastName": person.last_name,
        "fullName": f"{person.first_name} {person.last_name}",
    },
    Kind.IBAN_OWNER: lambda person: {
        "nid": person.national_code,
        "birthDate": jalali(person.birth_date),
        "iban": person.iban,
    },
}

RESPONSE_CODES: Mapping[str, tuple[Result, str]] = {
    "FN-MGFH-40000030057": (Result.INVALID_INPUT, "mobile"),
    "FN-OHKZ-40003810019": (Result.NO_MATCH, "birth_date"),
    "FN-OHKZ-20003840373": (Result.NO_MATCH, "birth_date"),
}
MESSAGES: Mapping[str, tuple[Result, str]] = {
    "کد ملی یا تاریخ تولد اشتباه است": (Result.NO_MATCH, "birth_date"),
    "invalid birthdate": (Result.INVALID_INPUT, "birth_date"),
    "شماره شبا اشتباه است": (Result.INVALID_INPUT, "iban"),
}
BANK_UNAVAILABLE = re.compile(r"FN-FYJT-500001403\d\d")
INVALID_TOKEN = "invalid token"
ALIVE = "زنده"
FLAGS = {"yes": True, "no": False}


class Finnotech:
    """``url`` is the origin; ``company_id`` the national id that the contract is about."""

    name = "finnotech"

    def __init__(
        self,
        client: Client,
        url: str,
        client_id: str,
        client_secret: str,
        company_id: str,
        *,
        likeness: Likeness,
        clock: Clock,
        paths: Mapping[Kind, str] | None = None,
    ) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._credentials = client_id, client_secret
        self._company_id = company_id
        self._likeness = likeness
        self._clock = clock
        self._paths = {
            kind: path.format(client=client_id) for kind, path in {**PATHS, **(paths or {})}.items()
        }
        self._tokens = AccessTokens(self._generate, self._refresh, clock)

    async def ask(self, question: Question, trace_id: str) -> Reply:
        query = {"trackId": trace_id, **PARAMETERS[question.kind](question.person)}

        async def send(token: str) -> Exchange:
            request = self._client.get(self._url + self._paths[question.kind])
            return await exchange(request.query(query).bearer_auth(token))

        try:
            answer = await self._tokens.call(send, _refuses_the_token)
        except NoAnswer as failure:
            return Reply(Result.UNAVAILABLE, failure.reason, Outage.PROVIDER)
        return _failure(answer) or self._read(question.kind, answer)

    def _read(self, kind: Kind, answer: Exchange) -> Reply:
        result = answer.part("result")
        if kind is Kind.CIVIL_REGISTRY:
            return self._person(answer, result)
        flag = result.get("isValid")
        return answer.matched(FLAGS.get(flag.lower()) if isinstance(flag, str) else flag, "not_the_owner")

    def _person(self, answer: Exchange, result: Mapping[str, object]) -> Reply:
        first, last = result.get("firstNameSimilarity"), result.get("lastNameSimilarity")
        if not (isinstance(first, int | float) and isinstance(last, int | float) and "deathStatus" in result):
            return answer.unavailable("not_understood")
        if result["deathStatus"] != ALIVE:
            return answer.reply(Result.NO_MATCH, "deceased")
        return answer.matched(self._likeness.reached(first, last), "name")

    async def _generate(self) -> Token:
        body = {"grant_type": "client_credentials", "nid": self._company_id, "scopes": ",".join(SCOPES)}
        return await self._token(body)

    async def _refresh(self, token: Token) -> Token:
        return await self._token(
            {
                "grant_type": "refresh_token",
                "token_type": "CLIENT-CREDENTIAL",
                "refresh_token": token.refresh or "",
            }
        )

    async def _token(self, body: Mapping[str, str]) -> Token:
        asked_at = self._clock()
        request = self._client.post(f"{self._url}/dev/v2/oauth2/token").basic_auth(*self._credentials)
        result = (await exchange(request.body_json(dict(body)))).part("result")
        value, life = result.get("value"), result.get("lifeTime")
        if not (isinstance(value, str) and isinstance(life, int)):
            raise NoAnswer("no_token")
        refresh = result.get("refreshToken")
        return Token(
            value, refresh if isinstance(refresh, str) else None, asked_at + timedelta(milliseconds=life)
        )


def _message(answer: Exchange) -> str:
    return str(answer.part("error").get("message") or answer.document.get("message") or "").strip()


def _refuses_the_token(answer: Exchange) -> bool:
    return _message(answer).lower() == INVALID_TOKEN


def _failure(answer: Exchange) -> Reply | None:
    """The reply to anything but a completed inquiry."""
    code = str(answer.document.get("responseCode") or "")
    if known := RESPONSE_CODES.get(code) or MESSAGES.get(_message(answer)):
        return answer.reply(*known)
    if BANK_UNAVAILABLE.fullmatch(code):
        return answer.unavailable("bank", Outage.BANK)
    if answer.status == 200 and answer.document.get("status") == "DONE":  # noqa: PLR2004 - HTTP
        return None
    return answer.unavailable(code or f"http_{answer.status}")
