"""One exchange with a provider: a status and a JSON object, or no answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json
from pyreqwest.exceptions import PyreqwestError
from pyreqwest.request import RequestBuilder

from identity.inquiries.domain import Outage, Result
from identity.inquiries.providers.port import Reply

SERVER_ERRORS = 500


class NoAnswer(Exception):
    """``reason`` is a stable word; the provider is as good as not there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Exchange:
    status: int
    raw: bytes = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)

    def part(self, name: str) -> Mapping[str, Any]:
        """The object of that name, empty when there is none."""
        found = self.document.get(name)
        return found if isinstance(found, dict) else {}

    def reply(self, result: Result, reason: str | None = None, outage: Outage | None = None) -> Reply:
        trace_id = self.document.get("trackId")
        return Reply(result, reason, outage, self.raw, trace_id if isinstance(trace_id, str) else None)

    def unavailable(self, reason: str, outage: Outage = Outage.PROVIDER) -> Reply:
        return self.reply(Result.UNAVAILABLE, reason, outage)

    def matched(self, flag: object, otherwise: str) -> Reply:
        """Only a true flag is a match, only a false one a no; anything else says nothing."""
        if flag is True:
            return self.reply(Result.MATCH)
        return self.reply(Result.NO_MATCH, otherwise) if flag is False else self.unavailable("not_understood")


async def exchange(request: RequestBuilder) -> Exchange:
    """Sends it; raises ``NoAnswer`` where no JSON object comes back. A redirect is no answer."""
    try:
        response = await request.build().send()
        raw = bytes(await response.bytes())
    except PyreqwestError:
        raise NoAnswer("no_answer") from None
    try:
        document = from_json(raw)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise NoAnswer(f"http_{response.status}")
    return Exchange(response.status, raw, document)
