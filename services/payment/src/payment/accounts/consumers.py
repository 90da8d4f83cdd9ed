"""Keeps what identity knows of buyers: the Shebas that are theirs, and their national codes."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from chassis.logging import get_logger
from events.identity import CustomerChanged, CustomerRegistered, InquiryConcluded, InquiryOpened
from iran import NationalCode, Sheba
from payment.accounts.tables import IBAN, NATIONAL_CODE, Buyer, RefundAccount

ABOUT_SHEBA = "iban_owner"
log = get_logger(__name__)


async def sheba_opened(session: AsyncSession, event: InquiryOpened) -> None:
    """The Sheba changed: the one before counts no more, the new one not yet."""
    await _note(session, event, None)


async def sheba_concluded(
    session: AsyncSession, event: InquiryConcluded, *, events: Keyring, data: Keyring
) -> None:
    """The Sheba counts if it was found to be the person's; one that was counts no more if it was not."""
    sealed = None
    if event.result == "match" and event.iban is not None:
        found = events.open_object(event.iban, f"{event.name}.iban")
        sealed = data.seal(Sheba(found["iban"]).encode(), IBAN)
    await _note(session, event, sealed)


async def note_national_code(
    session: AsyncSession, event: CustomerRegistered | CustomerChanged, *, events: Keyring, data: Keyring
) -> None:
    """Keeps the national code, to which a bank may bind the card, whenever it is told first."""
    if event.national_code is None:
        return
    found = events.open_object(event.national_code, f"{event.name}.national_code")
    sealed = data.seal(NationalCode(found["national_code"]).encode(), NATIONAL_CODE)
    row = {"customer_id": event.customer_id, "national_code": sealed}
    await session.execute(insert(Buyer).values(row).on_conflict_do_nothing())


async def _note(session: AsyncSession, event: InquiryOpened | InquiryConcluded, iban: bytes | None) -> None:
    if event.kind != ABOUT_SHEBA:
        return
    facts = {"iban": iban, "version": event.version}
    await session.execute(
        insert(RefundAccount)
        .values(customer_id=event.customer_id, **facts)
        .on_conflict_do_update(
            index_elements=[RefundAccount.customer_id],
            set_=facts,
            where=RefundAccount.version < event.version,
        )
    )
    state = "verified" if iban else "unverified"
    log.info(f"payment.refund_account.{state}", customer_id=str(event.customer_id))
