"""The buyer's contract, and the staff's templates of it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser, Principal
from chassis.documents import MEDIA_TYPE, Document, rendered
from chassis.idempotency import IdempotencyKey
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.contracts import paper, queries, service
from sales.contracts.addenda import Kind
from sales.contracts.tables import ContractTemplate
from sales.contracts.wording import SAMPLE, Section, TemplateText, filled
from sales.deeds import Deeds
from sales.plans.terms import OrderTerms

router = APIRouter(tags=["orders"])
staff_router = APIRouter(prefix="/staff/contract-templates", tags=["staff: contracts"])
Writer = Annotated[Principal, Depends(permitted("contracts.write"))]
Reader = Annotated[Principal, Depends(permitted("contracts.read"))]
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}, "description": "The document"}}


class ScheduleRow(BaseModel):
    number: int
    amount: int
    due_on: date


class AddendumView(BaseModel):
    """What changed at a time, in ``lines`` for people; ``before`` and ``after`` have what differs."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    kind: Kind
    title: str
    at: datetime
    lines: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


class ContractView(BaseModel):
    """The terms as they were when the contract was made, and the words around them. Money in Rial.

    ``buyer`` made the contract, ``holder`` has it now; what changed since is in the ``addenda``.
    """

    order_id: UUID
    contract_number: str
    request_number: str
    buyer: str | None
    holder: str | None
    activated_at: datetime
    settled_at: datetime | None
    template_version: int
    price: int
    prepayment: int
    title: str
    colour: str | None
    terms: OrderTerms
    schedule: list[ScheduleRow]
    heading: str
    sections: list[Section]
    addenda: list[AddendumView]


class TemplateView(TemplateText):
    template_id: UUID
    version: int
    active: bool
    created_by: UUID | None
    created_at: datetime

    @classmethod
    def of(cls, row: ContractTemplate) -> "TemplateView":
        return cls(
            template_id=row.id,
            version=row.version,
            active=row.active,
            created_by=row.created_by,
            created_at=row.created_at,
            **queries.words_of(row).model_dump(),
        )


class TemplateList(BaseModel):
    items: list[TemplateView]


class Templates(Deeds[ContractTemplate, TemplateView, Literal["written"]]):
    kind = "contract_template"
    view = TemplateView

    def details(self, row: ContractTemplate) -> Mapping[str, Any]:
        return {"template_id": row.id, "version": row.version}

    async def show(self, session: AsyncSession, row: ContractTemplate) -> TemplateView:
        return TemplateView.of(row)


Writing = Annotated[Templates, Depends(Templates.of("contracts.write"))]


@router.get("/orders/{order_id}/contract", summary="Read my contract")
async def contract(order_id: UUID, buyer: CurrentUser, db: Db, context: Ctx) -> ContractView:
    async with db.transaction() as session:
        held = await queries.own_paper(session, context, order_id, buyer.subject)
    found, signed, words = held.contract, held.signed, queries.words_of(held.template)
    return ContractView(
        order_id=order_id,
        contract_number=found.number,
        request_number=signed.request_number,
        buyer=signed.buyer,
        holder=held.holder,
        activated_at=found.activated_at,
        settled_at=found.settled_at,
        template_version=held.template.version,
        price=signed.price,
        prepayment=signed.prepayment,
        title=signed.title,
        colour=signed.colour,
        terms=signed.terms,
        schedule=[
            ScheduleRow(number=number, amount=amount, due_on=due_on)
            for number, amount, due_on in signed.schedule
        ],
        heading=words.title,
        sections=filled(words.sections, signed),
        addenda=[AddendumView.model_validate(each) for each in held.amendments],
    )


@router.get(
    "/orders/{order_id}/contract.pdf",
    summary="Download my contract",
    response_class=Response,
    responses=PDF,
)
async def contract_pdf(order_id: UUID, buyer: CurrentUser, db: Db, context: Ctx) -> Response:
    async with db.transaction() as session:
        found = await queries.own_paper(session, context, order_id, buyer.subject)
    words, name = queries.words_of(found.template), f"contract-{found.contract.number}.pdf"
    return await _pdf(partial(paper.document, words, found.signed, found.amendments), name)


@staff_router.get("", summary="List the versions of the contract's words, newest first")
async def list_templates(_: Reader, db: Db) -> TemplateList:
    async with db.transaction() as session:
        return TemplateList(items=[TemplateView.of(row) for row in await queries.templates(session)])


@staff_router.post("", status_code=201, summary="Write the words that contracts have from now on")
async def write_template(form: TemplateText, write: Writing, key: IdempotencyKey = None) -> TemplateView:
    by, now = write.member.subject, write.context.clock()
    return await write.create(
        "written", form, key, lambda session: service.write_template(session, form, by, now)
    )


@staff_router.post(
    "/preview",
    summary="See words as a contract of nobody",
    response_class=Response,
    responses=PDF,
)
async def preview_template(command: TemplateText, _: Writer) -> Response:
    return await _pdf(partial(paper.document, command, SAMPLE), "preview.pdf")


async def _pdf(draw: Callable[[], Document], name: str) -> Response:
    content = await rendered(draw)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
