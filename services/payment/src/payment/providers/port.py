"""What the service asks of a payment provider, and the answers it understands. Amounts are Rial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from payment.providers.capabilities import Capabilities


@dataclass(frozen=True)
class PaymentOrder:
    """What the buyer is to pay; the provider sends the browser to ``callback_url`` afterwards."""

    payment_id: UUID
    amount: int
    description: str
    callback_url: str


@dataclass(frozen=True)
class Opened:
    """A session at the provider, named by ``authority``; the buyer pays at ``redirect_url``."""

    authority: str
    redirect_url: str = field(repr=False)


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
    """The buyer paid another amount; None when the provider does not say which."""

    amount: int | None = None


@dataclass(frozen=True)
class Returned:
    """The provider sends the money back to the buyer's card."""


@dataclass(frozen=True)
class Refused:
    """The provider answered no; ``nothing_left`` when there is no money (any more) to send back."""

    code: str
    nothing_left: bool = False


@dataclass(frozen=True)
class Unanswered:
    """No answer, or none that can be understood: it may have happened or not."""

    why: str


class SessionState(StrEnum):
    """Where a session stands at the provider."""

    IN_BANK = "in_bank"
    PAID = "paid"
    VERIFIED = "verified"
    REVERSED = "reversed"
    FAILED = "failed"


@dataclass(frozen=True)
class Callback:
    """What the browser brought: a hint, never a proof. ``fields`` hold no card data but a masked number."""

    authority: str
    fields: Mapping[str, str]


class Provider(Protocol):
    """One payment provider. No method raises for what a provider or the network does."""

    name: str
    capabilities: Capabilities

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        """Opens a session in which the buyer can pay."""

    async def verify(self, authority: str, amount: int) -> Verified | NotPaid | Conflict | Unanswered:
        """Takes the money, if exactly ``amount`` was paid; safe to repeat."""

    async def inquire(self, authority: str) -> SessionState | Unanswered:
        """Changes nothing."""

    async def reverse(self, authority: str) -> Returned | Refused | Unanswered:
        """Undoes a payment, verified or not, within the provider's window."""

    async def refund(self, authority: str, amount: int | None) -> Returned | Refused | Unanswered:
        """Sends ``amount`` of a verified payment back, all that is left when None."""

    async def unverified(self) -> Sequence[str] | Unanswered:
        """The authorities that were paid and wait to be verified; may be cut to the newest."""

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        """The hint in the query or form of a callback, None when it names no session."""
