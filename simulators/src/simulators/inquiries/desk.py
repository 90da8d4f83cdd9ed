"""What an inquiry provider works with, and how a question is answered under its faults."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, Protocol, get_args

from fastapi import Depends, Request, Response

from simulators.answering import answer
from simulators.clock import Clock
from simulators.faults import ActiveFaults
from simulators.inquiries.faults import InquiryFault, InquiryFaults
from simulators.inquiries.register import OTHER_NAME, Asked, Finding, Oddity, Register, wrong_field
from simulators.inquiries.tokens import TokenOffice
from simulators.settings import Settings

ROWS_KEPT = 200
Provider = Literal["finnotech", "jibit", "zohal"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)


@dataclass(frozen=True)
class Row:
    """A question as it was answered."""

    at: datetime
    asked: Asked
    outcome: str


@dataclass
class InquiryDesk:
    """``banks_down`` are the codes of banks by the provider that cannot reach them."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    register: Register = field(default_factory=Register)
    faults: InquiryFaults = field(default_factory=InquiryFaults)
    banks_down: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    requests: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PROVIDERS, 0))
    rows: deque[Row] = field(default_factory=lambda: deque(maxlen=ROWS_KEPT))

    def __post_init__(self) -> None:
        self.tokens = TokenOffice(self.clock)

    def note(self, asked: Asked, outcome: str) -> None:
        self.rows.append(Row(self.clock.now(), asked, outcome))

    def faults_for(self, provider: str, national_code: str) -> ActiveFaults[InquiryFault]:
        """The person's own faults while there are any, then the provider's, then what the plan deals."""
        for subject in (national_code, provider):
            own = self.faults.known(subject)
            if own is not None and own.armed:
                return own
        return self.faults.draw()


def desk_of(request: Request) -> InquiryDesk:
    desk: InquiryDesk = request.app.state.inquiries
    return desk


DeskDep = Annotated[InquiryDesk, Depends(desk_of)]


class Wire(Protocol):
    """How one provider says things."""

    def found(self, asked: Asked, finding: Finding) -> Response: ...
    def wrong(self, field: str) -> Response: ...
    def bank_down(self) -> Response: ...
    def refusal(self, error: str) -> Response: ...
    def token_refused(self) -> Response: ...


async def serve(request: Request, desk: InquiryDesk, wire: Wire, asked: Asked) -> Response:
    """The answer to one question whose token is good."""
    desk.requests[asked.provider] += 1
    faults = desk.faults_for(asked.provider, asked.national_code)
    if faults.strike("expire_token", "ask"):
        desk.tokens.expire(asked.provider)
        return wire.token_refused()
    if faults.strike("garbage", "ask"):
        return Response("<h1>login</h1>", 200, media_type="text/html")
    if refused := faults.strike("refuse", "ask"):
        desk.note(asked, refused.error or "")
        return wire.refusal(refused.error or "")

    def work() -> Response:
        return _work(desk, wire, asked, faults)

    return await answer(request, faults, "ask", work, lambda code: wire.refusal(str(code)))


def _work(desk: InquiryDesk, wire: Wire, asked: Asked, faults: ActiveFaults[InquiryFault]) -> Response:
    if (field_name := wrong_field(asked)) is not None:
        desk.note(asked, f"wrong {field_name}")
        return wire.wrong(field_name)
    down = asked.bank in desk.banks_down[asked.provider]
    if asked.kind == "iban_owner" and (down or faults.strike("bank_down", "ask")):
        desk.note(asked, "bank down")
        return wire.bank_down()
    finding = desk.register.find(asked)
    if faults.strike("wrong_answer", "ask"):
        finding = _turned(finding)
    desk.note(asked, "match" if finding.matches else "no match")
    return wire.found(asked, finding)


def _turned(finding: Finding) -> Finding:
    """No for yes; for no yes, whatever the name."""
    if not finding.matches:
        return Finding(matches=True, oddities=frozenset(), first_name=None, last_name=None)
    other: frozenset[Oddity] = frozenset({"other_name"})
    return Finding(False, other, *OTHER_NAME)
