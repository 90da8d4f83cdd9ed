"""What the service asks of a payment provider, and the answers it understands. Amounts are Rial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from payment.providers.capabilities import Capabilities


@dataclass(frozen=True)
class PaymentOrder:
    """What the buyer is to pay; the provider sends the browser to ``callback_url`` afterwards.

    ``number`` is the order's at banks that want one that they never saw. ``national_code`` is the buyer's,
    for providers that bind the card to it.
    """

    payment_id: UUID
    amount: int
    description: str
    callback_url: str
    number: int
    national_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Opened:
    """A session at the provider, named by ``authority``; the buyer pays at ``redirect_url``.

    Without an address the browser must bring the form that ``Provider.handover`` gives.
    """

    authority: str
    redirect_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Form:
    """What a browser posts to ``action`` to come to the pay page."""

    action: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """What a browser brought back: the bank's reference, and what it says was paid. Never believed."""

    reference: str
    amount: int | None = None


@dataclass(frozen=True)
class BankSession:
    """A payment at its provider. ``claims`` are the newest first, ``number`` is the order's."""

    authority: str
    payment_id: UUID
    amount: int
    claims: tuple[Claim, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Verified:
    """The money is ours. ``reference`` is the bank's, ``card`` is masked."""

    reference: str
    amount: int
    card: str | None = None


@dataclass(frozen=True)
class NotPaid:
    """There is no money to verify now; ``inquire`` tells whether there may be later."""


@dataclass(frozen=True)
class Conflict:
    """The buyer paid another amount; None when the provider does not say which, or under what reference."""

    amount: int | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Returned:
    """The provider sends the money back to the buyer's card."""


@dataclass(frozen=True)
class Refused:
    """The provider answered no; ``nothing_left`` when there is no money (any more) to send back, ``stays``
    when it is there and this provider cannot send it."""

    code: str
    nothing_left: bool = False
    stays: bool = False


@dataclass(frozen=True)
class Unanswered:
    """No answer, or none that can be understood: it may have happened or not. ``heard``: the provider is
    there and would not say."""

    why: str
    heard: bool = False


class SessionState(StrEnum):
    """Where a session stands at the provider."""

    IN_BANK = "in_bank"
    PAID = "paid"
    VERIFIED = "verified"
    REVERSED = "reversed"
    FAILED = "failed"


@dataclass(frozen=True)
class Callback:
    """What the browser brought: a hint, never a proof. ``fields`` hold no card data but a masked number.

    ``number`` is our order's, where the bank repeats it. ``gave_up``: it says that nothing was paid.
    """

    authority: str
    fields: Mapping[str, str]
    number: str | None = None
    claim: Claim | None = None
    gave_up: bool = False


Verification = Verified | NotPaid | Conflict | SessionState | Unanswered
"""A ``SessionState`` is what a refusal tells besides that nothing was verified."""
Inquiry = SessionState | NotPaid | Unanswered
"""``NotPaid`` where the provider cannot say more than that there is nothing to verify."""
Sending = Returned | Refused | Unanswered


class Provider(Protocol):
    """One payment provider. No method raises for what a provider or the network does."""

    name: str
    capabilities: Capabilities

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        """Opens a session in which the buyer can pay."""

    def handover(self, authority: str) -> Form | None:
        """The form with which a browser enters the session; None where its address is enough."""

    async def verify(self, session: BankSession) -> Verification:
        """Takes the money, if exactly the session's amount was paid; safe to repeat."""

    async def inquire(self, session: BankSession) -> Inquiry:
        """Changes nothing."""

    async def reverse(self, session: BankSession) -> Sending:
        """Undoes a payment, verified or not, within the provider's window."""

    async def refund(self, session: BankSession, amount: int | None) -> Sending:
        """Sends ``amount`` of a verified payment back, all that is left when None."""

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        """The hint in the query or form of a callback, None when it names no session."""


class ListsUnverified(Protocol):
    """A provider that tells what was paid and waits to be verified."""

    async def unverified(self) -> Sequence[str] | Unanswered:
        """Their authorities; may be cut to the newest."""
