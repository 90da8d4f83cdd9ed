"""Texts about the way of a car to its buyer."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0011"
down_revision = "notify_0010"
branch_labels = None
depends_on = None

TEXTS = (
    ("car_allocated", "{first_name} عزیز، خودرو {title} به قرارداد {contract_number} تخصیص یافت."),
    ("car_invoiced", "{first_name} عزیز، فاکتور خودرو {title} برای قرارداد {contract_number} صادر شد."),
    ("car_plated", "{first_name} عزیز، خودرو {title} قرارداد {contract_number} شماره‌گذاری شد."),
    (
        "car_sent_to_dealer",
        "{first_name} عزیز، خودرو {title} قرارداد {contract_number} به نمایندگی فرستاده شد.",
    ),
    (
        "car_ready",
        "{first_name} عزیز، خودرو {title} قرارداد {contract_number} در نمایندگی آماده تحویل است."
        " برای هماهنگی به نمایندگی مراجعه کنید.",
    ),
    ("car_delivered", "{first_name} عزیز، تحویل خودرو {title} قرارداد {contract_number} ثبت شد. مبارک باشد."),
    (
        "delay_penalty_credited",
        "{first_name} عزیز، جریمه تأخیر در تحویل خودرو قرارداد {contract_number}"
        " به مبلغ {amount} به حساب شما واریز می‌شود. ریز محاسبه در صفحه سفارش است.",
    ),
)

_INSERT = sa.text(
    "INSERT INTO templates (name, version, lane, text, pattern, active)"
    " VALUES (:name, 1, 'transactional', :text, NULL, true)"
)


def upgrade() -> None:
    for name, text in TEXTS:
        op.execute(_INSERT.bindparams(name=name, text=text))


def downgrade() -> None:
    for name, _ in TEXTS:
        op.execute(sa.text("DELETE FROM templates WHERE name = :name").bindparams(name=name))
