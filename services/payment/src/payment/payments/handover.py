"""The page from which a browser enters a bank that takes no address but a form.

It needs no script and shows nothing but the session's name, which is in its own address. Banks look at the
shop's origin, which the gateway lets no other answer of the API tell.
"""

from html import escape

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from payment.checkout import Checkout
from payment.payments.domain import PaymentState
from payment.payments.tables import Payment
from payment.providers.port import Form

PAGE = """<!doctype html>
<html lang="fa" dir="rtl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>رفتن به بانک</title></head>
<body><h1>پرداخت در بانک</h1>
<form method="post" action="{action}">{fields}<button>رفتن به صفحه‌ی پرداخت بانک</button></form>
</body></html>
"""


async def form_of(session: AsyncSession, checkout: Checkout, provider: str, authority: str) -> Form:
    """The form of a payment that is at the bank; raises ``NotFound`` for any other."""
    form = checkout.providers.named(provider).handover(authority)
    statement = select(Payment.id).where(
        Payment.provider == provider,
        Payment.authority == authority,
        Payment.state == PaymentState.AT_BANK,
    )
    if form is None or await session.scalar(statement) is None:
        raise NotFound
    return form


def page(form: Form) -> str:
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in form.fields.items()
    )
    return PAGE.format(action=escape(form.action), fields=fields)
