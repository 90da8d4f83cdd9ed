"""The inquiry providers' control API and page, ``/inquiries``: people, banks, faults, clock, books."""

from datetime import datetime
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from iran import NationalCode
from simulators.faults import Chance
from simulators.inquiries.desk import PROVIDERS, DeskDep, InquiryDesk, Provider, Row
from simulators.inquiries.faults import InquiryFault
from simulators.inquiries.register import Entry, Kind, Oddity
from simulators.pages import render

router = APIRouter(prefix="/inquiries", tags=["inquiries"])

Person = Annotated[str, AfterValidator(lambda text: str(NationalCode(text)))]
BankCode = Annotated[str, Field(pattern=r"^[0-9]{3}$")]
PAGE_FAULTS = ("unavailable", "slow", "expire_token", "bank_down", "wrong_answer", "garbage")


class BookRow(BaseModel):
    provider: str
    kind: Kind
    national_code: str
    outcome: str
    at: datetime


class BooksView(BaseModel):
    """``requests`` counts the questions of each provider, the unanswered ones too; newest questions last."""

    now: datetime
    requests: dict[str, int]
    questions: list[BookRow]


class NextFaults(BaseModel):
    count: int = Field(default=1, ge=1, le=1_000_000)
    faults: list[InquiryFault]


class Run(BaseModel):
    seed: int
    chances: list[Chance[InquiryFault]]


class Down(BaseModel):
    model_config = ConfigDict(extra="forbid")

    providers: frozenset[Provider] = frozenset(PROVIDERS)


class Advance(BaseModel):
    seconds: float = Field(ge=0)


class Now(BaseModel):
    now: datetime


@router.get("/books")
async def books(desk: DeskDep) -> BooksView:
    return BooksView(now=desk.clock.now(), requests=desk.requests, questions=[_row(row) for row in desk.rows])


@router.get("/people")
async def people(desk: DeskDep) -> dict[str, Entry]:
    """Those about whom something is odd, by national code."""
    return desk.register.people


@router.put("/people/{national_code}")
async def set_person(national_code: Person, entry: Entry, desk: DeskDep) -> Entry:
    desk.register.people[national_code] = entry
    return entry


@router.delete("/people/{national_code}", status_code=204)
async def forget_person(national_code: Person, desk: DeskDep) -> None:
    desk.register.people.pop(national_code, None)


@router.put("/banks/{code}")
async def set_bank_down(code: BankCode, down: Down, desk: DeskDep) -> Down:
    """These providers, and no others, do not reach the bank."""
    for provider in PROVIDERS:
        (desk.banks_down[provider].add if provider in down.providers else desk.banks_down[provider].discard)(
            code
        )
    return down


@router.delete("/faults", status_code=204)
async def clear_faults(desk: DeskDep) -> None:
    """Forget every fault that has not struck yet."""
    desk.faults.clear()


@router.post("/faults/next")
async def arm_next(body: NextFaults, desk: DeskDep) -> NextFaults:
    """Each of the next `count` questions gets these faults."""
    desk.faults.arm_next(body.count, body.faults)
    return body


@router.put("/faults/run")
async def start_run(body: Run, desk: DeskDep) -> Run:
    """Every later question draws its faults from these chances."""
    desk.faults.start_run(body.seed, body.chances)
    return body


@router.put("/faults/people/{national_code}")
async def arm_person(national_code: Person, faults: list[InquiryFault], desk: DeskDep) -> list[InquiryFault]:
    """Replace the faults that questions about this person have before them."""
    return _arm(desk, national_code, faults)


@router.put("/faults/providers/{provider}")
async def arm_provider(provider: Provider, faults: list[InquiryFault], desk: DeskDep) -> list[InquiryFault]:
    """Replace the faults that questions to this provider have before them."""
    return _arm(desk, provider, faults)


@router.post("/clock/advance")
async def advance(body: Advance, desk: DeskDep) -> Now:
    """Move the providers' clock: tokens expire."""
    return Now(now=desk.clock.advance(body.seconds))


@router.get("", include_in_schema=False)
async def page(request: Request, desk: DeskDep) -> Response:
    return render(
        request,
        "inquiries.html",
        rows=[_row(row) for row in reversed(desk.rows)],
        people=desk.register.people,
        oddities=get_args(Oddity),
        providers=PROVIDERS,
        kinds=PAGE_FAULTS,
        armed={name: armed for name in PROVIDERS if (armed := desk.faults.of(name).armed)},
    )


@router.post("/page/people", include_in_schema=False)
async def set_person_from_page(
    national_code: Annotated[Person, Form()],
    desk: DeskDep,
    oddities: Annotated[frozenset[Oddity], Form()] = frozenset(),
) -> Response:
    desk.register.people[national_code] = Entry(oddities=oddities)
    if not oddities:
        del desk.register.people[national_code]
    return RedirectResponse("/inquiries", 303)


@router.post("/page/faults", include_in_schema=False)
async def arm_from_page(
    provider: Annotated[Provider, Form()],
    kind: Annotated[str, Form()],
    desk: DeskDep,
    count: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """``count`` 0 means until it is cleared."""
    _arm(desk, provider, [InquiryFault.model_validate({"kind": kind, "times": count or None})])
    return RedirectResponse("/inquiries", 303)


@router.post("/page/clear", include_in_schema=False)
async def clear_from_page(desk: DeskDep) -> Response:
    desk.faults.clear()
    return RedirectResponse("/inquiries", 303)


def _arm(desk: InquiryDesk, subject: str, faults: list[InquiryFault]) -> list[InquiryFault]:
    armed = desk.faults.of(subject)
    armed.arm(faults)
    return armed.armed


def _row(row: Row) -> BookRow:
    asked = row.asked
    return BookRow(
        provider=asked.provider,
        kind=asked.kind,
        national_code=asked.national_code,
        outcome=row.outcome,
        at=row.at,
    )
