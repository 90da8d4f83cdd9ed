"""The first version of every template."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0002"
down_revision = "notify_0001"
branch_labels = None
depends_on = None

CODES = (
    ("registration_code", "nobat-code", "کد تأیید شما در نوبت: {code}"),
    ("mobile_change_code", "nobat-code", "کد تأیید شما در نوبت: {code}"),
    ("login_code", "nobat-login", "کد ورود شما به نوبت: {code}"),
    ("second_factor_code", "nobat-login", "کد ورود شما به نوبت: {code}"),
    ("password_reset_code", "nobat-password", "کد بازیابی گذرواژه شما در نوبت: {code}"),
)
"""Name, the pattern at the provider, and what the pattern says."""

TEXTS = (
    ("welcome", "{first_name} گرامی، حساب شما در نوبت فعال شد."),
    (
        "registration_repeated",
        "کسی خواست با مشخصات شما دوباره در نوبت ثبت‌نام کند. حساب شما تغییری نکرد."
        "\nاگر خودتان بودید، با همان حساب وارد شوید.",
    ),
    (
        "order_placed",
        "درخواست شما در نوبت ثبت شد.\nطرح: {title}\nشماره درخواست: {request_number}"
        "\nمبلغ: {amount}\nمهلت پرداخت: {pay_before}",
    ),
    (
        "order_lapsed",
        "مهلت پرداخت درخواست {request_number} پایان یافت و خودرو آزاد شد."
        "\nاگر پرداختی پس از مهلت برسد، برمی‌گردد.\nنوبت",
    ),
    (
        "contract_activated",
        "قرارداد شما در نوبت فعال شد.\nشماره قرارداد: {contract_number}\nشماره درخواست: {request_number}",
    ),
    (
        "bill_issued",
        "قبض {purpose} شما در نوبت\nشناسه قبض: {bank_bill_id}\nشناسه پرداخت: {bank_payment_id}"
        "\nمبلغ: {amount}\nمهلت پرداخت: {due_at}",
    ),
    ("bill_paid", "پرداخت {purpose} شما به نوبت رسید.\nمبلغ: {amount}\nشماره پیگیری: {reference}"),
    ("payment_returned", "مبلغ {amount} به علت {reason} به حساب شما برمی‌گردد.\nنوبت"),
)

_INSERT = sa.text(
    "INSERT INTO templates (name, version, lane, text, pattern, active)"
    " VALUES (:name, 1, :lane, :text, :pattern, true)"
)


def upgrade() -> None:
    for name, pattern, text in CODES:
        op.execute(_INSERT.bindparams(name=name, lane="code", text=text, pattern=pattern))
    for name, text in TEXTS:
        op.execute(_INSERT.bindparams(name=name, lane="transactional", text=text, pattern=None))


def downgrade() -> None:
    op.execute("DELETE FROM templates WHERE version = 1")
