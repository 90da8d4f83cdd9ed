"""The SMS providers' control API and page, `/sms`: inboxes, books, patterns, faults, clock."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from simulators.faults import Chance
from simulators.pages import render
from simulators.sms.books import Delivery, Kind, ProviderName, Sms
from simulators.sms.desk import FIRST_NUMBER, DeskDep, SmsDesk
from simulators.sms.faults import SmsFault
from simulators.sms.mobile import mobile as normal_mobile

router = APIRouter(prefix="/sms", tags=["sms"])

Mobile = Annotated[str, AfterValidator(normal_mobile)]
PAGE_ROWS = 200


class InboxItem(BaseModel):
    """`code` is there when the message came from a pattern, `kind` when it was a call."""

    text: str
    code: str | None = None
    kind: Literal["call"] | None = None
    at: datetime


class BookRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    provider: ProviderName
    id: int
    mobile: str
    text: str
    sender: str
    kind: Kind
    code: str | None
    localid: str | None
    tag: str | None
    cost: int
    taken_at: datetime
    due_at: datetime
    repeats: int
    delivery: Delivery


class Totals(BaseModel):
    """`requests` are the calls to send, `repeats` the known local ids among them."""

    requests: int
    messages: int
    repeats: int
    by_delivery: dict[Delivery, int]


class BooksView(BaseModel):
    """`credits` are Rial, by provider."""

    now: datetime
    credits: dict[ProviderName, int]
    messages: list[BookRow]
    totals: Totals


class Credit(BaseModel):
    """In Rial."""

    credit: int = Field(ge=0)


class Pattern(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=900)


class NumberedPattern(Pattern):
    """`number` is what providers know it by that number their patterns."""

    number: int


class NextFaults(BaseModel):
    count: int = Field(default=1, ge=1, le=1_000_000)
    faults: list[SmsFault]


class Run(BaseModel):
    seed: int
    chances: list[Chance[SmsFault]]


class FaultsView(BaseModel):
    waiting: list[tuple[SmsFault, ...]]
    seed: int | None
    chances: list[Chance[SmsFault]]


class Advance(BaseModel):
    seconds: float = Field(ge=0)


class Now(BaseModel):
    now: datetime


@router.get("/inbox/{mobile}", response_model_exclude_none=True)
async def inbox(mobile: Mobile, desk: DeskDep) -> list[InboxItem]:
    """What came to the phone, from whichever provider."""
    return [_item(sms) for sms in desk.books.inbox(mobile)]


@router.get("/books")
async def books(desk: DeskDep) -> BooksView:
    rows = [_row(desk, sms) for sms in desk.books.all()]
    by_delivery = dict.fromkeys(Delivery, 0)
    for row in rows:
        by_delivery[row.delivery] += 1
    totals = Totals(
        requests=desk.books.requests,
        messages=len(rows),
        repeats=sum(row.repeats for row in rows),
        by_delivery=by_delivery,
    )
    return BooksView(now=desk.books.clock.now(), credits=desk.books.credits, messages=rows, totals=totals)


@router.put("/credit/{provider}")
async def set_credit(provider: ProviderName, body: Credit, desk: DeskDep) -> Credit:
    """What is left at one provider."""
    desk.books.credits[provider] = body.credit
    return body


@router.get("/templates")
async def list_patterns(desk: DeskDep) -> list[NumberedPattern]:
    return [
        NumberedPattern(name=name, text=text, number=number)
        for number, (name, text) in enumerate(desk.patterns.items(), FIRST_NUMBER)
    ]


@router.post("/templates", status_code=201)
async def approve_pattern(pattern: Pattern, desk: DeskDep) -> Pattern:
    """Add a pattern, or replace the one of that name."""
    desk.patterns[pattern.name] = pattern.text
    return pattern


@router.get("/faults")
async def show_faults(desk: DeskDep) -> FaultsView:
    plan = desk.faults
    return FaultsView(waiting=list(plan.queue), seed=plan.seed, chances=plan.chances)


@router.delete("/faults", status_code=204)
async def clear_faults(desk: DeskDep) -> None:
    """Forget every fault that has not struck yet."""
    desk.faults.clear()


@router.post("/faults/next")
async def arm_next(body: NextFaults, desk: DeskDep) -> FaultsView:
    """Each of the next `count` messages gets these faults."""
    desk.faults.arm_next(body.count, body.faults)
    return await show_faults(desk)


@router.put("/faults/run")
async def start_run(body: Run, desk: DeskDep) -> FaultsView:
    """Every later message draws its faults from these chances."""
    desk.faults.start_run(body.seed, body.chances)
    return await show_faults(desk)


@router.put("/faults/mobiles/{mobile}")
async def arm_mobile(mobile: Mobile, faults: list[SmsFault], desk: DeskDep) -> list[SmsFault]:
    """Replace the faults the messages to this mobile have before them."""
    armed = desk.faults.of(mobile)
    armed.arm(faults)
    return armed.armed


@router.put("/faults/providers/{provider}")
async def arm_provider(provider: ProviderName, faults: list[SmsFault], desk: DeskDep) -> list[SmsFault]:
    """Replace the faults that strike whatever one provider is asked."""
    armed = desk.faults.of(provider)
    armed.arm(faults)
    return armed.armed


@router.post("/clock/advance")
async def advance(body: Advance, desk: DeskDep) -> Now:
    """Move the providers' clock: messages on their way arrive, scheduled ones become due."""
    return Now(now=desk.books.clock.advance(body.seconds))


@router.get("", include_in_schema=False)
async def page(request: Request, desk: DeskDep) -> Response:
    rows = [_row(desk, sms) for sms in reversed(desk.books.all()[-PAGE_ROWS:])]
    return render(request, "sms.html", rows=rows, credits=desk.books.credits)


def _item(sms: Sms) -> InboxItem:
    kind: Literal["call"] | None = "call" if sms.kind == "call" else None
    return InboxItem(text=sms.text, code=sms.code, kind=kind, at=sms.due_at)


def _row(desk: SmsDesk, sms: Sms) -> BookRow:
    return BookRow.model_validate(vars(sms) | {"delivery": desk.books.delivery(sms)})
