"""The page the buyer's browser is sent to: the same at every bank, which differ in the way there and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse

from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, Outcome, arrive, decide
from simulators.pages import notice, render

GONE = {
    State.EXPIRED: "مهلت این پرداخت گذشته است. به فروشگاه برگردید و دوباره پرداخت را آغاز کنید.",
    State.FAILED: "این پرداخت ناموفق بود و پایان یافته است.",
    State.REVERSED: "مبلغ این پرداخت به حساب شما برگشته است.",
}
DONE = "این پرداخت پیش از این انجام شده است."


@dataclass(frozen=True)
class Return:
    """Where the browser goes: by an address, or by a form that it posts there."""

    url: str
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class PayPage:
    """`back` is how the browser returns from a payment that was decided."""

    title: str
    back: Callable[[BankPayment], Return]

    def show(
        self,
        request: Request,
        bank: Bank,
        payment: BankPayment | None,
        hidden: Mapping[str, str] | None = None,
    ) -> Response:
        """`hidden` are the fields by which the form finds the payment, where its address does not."""
        refused = _arrive(request, bank, payment)
        return refused or render(
            request, "pay.html", payment=payment, bank_name=self.title, hidden=hidden or {}
        )

    def pay(
        self, request: Request, bank: Bank, payment: BankPayment | None, decision: "Decision"
    ) -> Response:
        if refused := _arrive(request, bank, payment):
            return refused
        assert payment is not None
        way = decide(bank, payment, decision.on(payment))
        there = self.back(payment)
        for _ in range(way.copies):
            decision.later.add_task(_visit, bank, there)
        if not way.browser:
            return notice(request, 200, "پرداخت انجام شد، اما مرورگر شما به فروشگاه برنگشت.")
        if there.form is None:
            return RedirectResponse(there.url, 303)
        return render(request, "return.html", action=there.url, fields=there.form)


@dataclass(frozen=True)
class Decision:
    """What the buyer does, with a card of whom; `later` is what the bank does by itself."""

    outcome: Outcome
    later: BackgroundTasks
    card_holder: str = field(default="", repr=False)

    def on(self, payment: BankPayment) -> Outcome:
        """A card of somebody else is declined where it is bound to a person."""
        is_others = payment.holder is not None and self.card_holder not in {"", payment.holder}
        return "failed" if is_others and self.outcome == "paid" else self.outcome


async def _visit(bank: Bank, there: Return) -> None:
    if there.form is None:
        await bank.visit(there.url)
    else:
        await bank.visit(there.url, there.form)


def _arrive(request: Request, bank: Bank, payment: BankPayment | None) -> Response | None:
    """Why there is nothing to pay, if so."""
    if payment is None:
        return notice(request, 404, "چنین پرداختی یافت نشد.")
    arrive(bank, payment)
    if payment.state is State.EXPIRED:
        return notice(request, 410, GONE[State.EXPIRED])
    if payment.state is not State.IN_BANK:
        return notice(request, 409, GONE.get(payment.state, DONE))
    return None


def with_query(url: str, **added: object) -> str:
    """The merchant's URL with these parameters after its own."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *((k, str(v)) for k, v in added.items())]
    return parts._replace(query=urlencode(query)).geturl()
