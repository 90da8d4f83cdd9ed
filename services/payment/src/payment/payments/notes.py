"""What a buyer is told whose payment is only a part of the bill."""

from chassis.errors import Sentence
from iran import Rial
from payment.payments.domain import Part

TOMAN = 10


def note_of(part: Part, amount: int, remaining: int) -> Sentence | None:
    """Why the payment is for less than what is outstanding, and how the rest is paid; amounts are Rial."""
    if part is Part.WHOLE:
        return None
    now, later = Rial(amount), Rial(remaining)
    if part is Part.ASKED:
        return Sentence(
            f"این پرداخت {now.toman_fa} از قبض شماست و {later.toman_fa} از آن می‌ماند.",
            f"This payment is for {_toman(amount)} of your bill; {_toman(remaining)} of it remain.",
        )
    return Sentence(
        "سقف روزانه‌ی کارت، با آنچه امروز پرداخته‌اید، به همه‌ی قبض نمی‌رسد، پس در چند بخش پرداخت می‌شود: "
        f"این بخش {now.toman_fa} است و "
        f"{later.toman_fa} می‌ماند. مانده را همین امروز با کارت دیگر خود یا از فردا با همین کارت بپردازید.",
        "The bill is more than a card carries in a day, less what you paid today, so it is paid in parts: "
        f"this one is {_toman(amount)} and {_toman(remaining)} remain. "
        "Pay the rest today with another card of yours, or from tomorrow on with this one.",
    )


def _toman(amount: int) -> str:
    return f"{amount / TOMAN:,.10g} Toman" if amount % TOMAN else f"{amount // TOMAN:,} Toman"
