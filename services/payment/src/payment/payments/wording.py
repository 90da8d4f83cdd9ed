"""What the ways of paying are called in Persian documents."""

from collections.abc import Mapping

from payment.ledger.domain import BANK

PROVIDERS: Mapping[str, str] = {
    "zarinpal": "زرین‌پال",
    "zibal": "زیبال",
    "sep": "پرداخت الکترونیک سامان",
    "mellat": "به‌پرداخت ملت",
    "sadad": "سداد بانک ملی",
    BANK: "شعبه یا دستگاه بانک",
}
