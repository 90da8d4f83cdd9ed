"""For what somebody's data may be looked at; the person is told."""

from portal.language import gettext


def purposes() -> dict[str, str]:
    return {
        "customer_service": gettext("پاسخ به مشتری"),
        "complaint": gettext("شکایت"),
        "payment": gettext("پرداخت"),
        "delivery": gettext("تحویل"),
        "identity_check": gettext("احراز هویت"),
        "fraud_review": gettext("بررسی تقلب"),
        "legal_request": gettext("درخواست قانونی"),
    }
