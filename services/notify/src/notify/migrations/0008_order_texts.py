"""Texts about invitations, cancellations and transfers."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0008"
down_revision = "notify_0007"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "invitation_issued",
        "دعوتنامه‌ی {purpose} شما در نوبت صادر شد.\nخودرو: {title}\nشماره دعوتنامه: {invitation_number}"
        "\nشماره درخواست: {request_number}\nمبلغ: {amount}\nمهلت پرداخت: {due_at}",
    ),
    (
        "invitation_postponed",
        "به علت تعطیلی، مهلت پرداخت دعوتنامه‌ی {invitation_number} تا {due_at} تمدید شد.\nنوبت",
    ),
    (
        "invitation_expired",
        "مهلت پرداخت دعوتنامه‌ی {invitation_number} پایان یافت و خودرو به نفر بعدی رسید."
        "\nتا {asks_until} می‌توانید واگذاری مجدد با شرایط روز بخواهید؛ پس از آن انصراف به شمار می‌آید.\nنوبت",
    ),
    (
        "order_cancelled",
        "انصراف از درخواست {request_number} ثبت شد.\nمبلغ قابل بازگشت به شبای شما: {refund}\nنوبت",
    ),
    (
        "order_voided",
        "درخواست {request_number} به علت احراز نشدن شرایط باطل شد."
        "\nمبلغ قابل بازگشت به شبای شما: {refund}\nنوبت",
    ),
    ("refund_paid", "مبلغ {amount} به شبای شما واریز شد.\nشماره پیگیری: {reference}\nنوبت"),
    (
        "transfer_proposed",
        "صلح قرارداد {contract_number} به شما پیشنهاد شده است."
        "\nبرای پذیرفتن یا رد آن تا {expires_at} وارد حساب خود شوید.\nنوبت",
    ),
    ("transfer_decided", "صلح قرارداد {contract_number} {decision}.\nنوبت"),
    ("order_transferred", "قرارداد {contract_number} با همه‌ی شرایط آن به نام شما شد.\nنوبت"),
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
