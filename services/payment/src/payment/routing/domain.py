"""The order in which providers are offered: who answers first, then as ranked, then who is cheaper."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from chassis.errors import Problem

SHARES = 10_000


@dataclass(frozen=True)
class Terms:
    """What the staff arranged for a provider. Rial; ``fee_share`` is per ten thousand of an amount."""

    provider: str
    offered: bool
    rank: int
    smallest: int | None
    largest: int | None
    fee_share: int
    fee_least: int
    fee_most: int | None

    def takes(self, amount: int) -> bool:
        return (
            self.offered
            and (self.smallest is None or amount >= self.smallest)
            and (self.largest is None or amount <= self.largest)
        )

    def fee_of(self, amount: int) -> int:
        """What the provider keeps of a payment, in Rial, rounded down."""
        fee = max(amount * self.fee_share // SHARES, self.fee_least)
        return fee if self.fee_most is None else min(fee, self.fee_most)


def in_order(arranged: Iterable[Terms], amount: int, resting: Collection[str]) -> Sequence[str]:
    """The providers that take ``amount``, the best first. One that ``resting`` names comes after all others:
    it is better than none."""

    def worth(terms: Terms) -> tuple[bool, int, int, str]:
        return terms.provider in resting, terms.rank, terms.fee_of(amount), terms.provider

    return [terms.provider for terms in sorted(filter(lambda one: one.takes(amount), arranged), key=worth)]


class ProviderNotOffered(Problem):
    code = "provider_not_offered"
    fa = "این درگاه برای این پرداخت در دسترس نیست؛ درگاه دیگری برگزینید."
    en = "This provider is not offered for this payment; choose another one."


class RouteChanged(Problem):
    code = "route_changed"
    fa = "کس دیگری این درگاه را تغییر داده است؛ وضع تازه را ببینید و دوباره تلاش کنید."
    en = "Somebody else changed this provider's route; look at it and try again."


class ProviderUnavailable(Problem):
    status = 503
    code = "provider_unavailable"
    fa = "درگاه پرداخت اکنون پاسخ نمی‌دهد؛ چند لحظه‌ی دیگر دوباره تلاش کنید."
    en = "The payment provider does not answer now; try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
