"""What bills are called in Persian documents."""

from collections.abc import Mapping

from payment.bills.domain import Purpose

PURPOSES: Mapping[Purpose, str] = {
    Purpose.DEPOSIT: "ودیعه",
    Purpose.PREPAYMENT: "پیش‌پرداخت",
    Purpose.PRINCIPAL: "تسویه اصل",
    Purpose.INSTALMENT: "قسط",
    Purpose.PENALTY: "تسویه جریمه",
    Purpose.FEE: "کارمزد",
}
