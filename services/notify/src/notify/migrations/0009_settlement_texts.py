"""What is said about bills that come due, are paid in parts or are overdue, and about settled contracts."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0009"
down_revision = "notify_0008"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "bill_part_paid",
        "بخشی از {purpose} شما به نوبت رسید: {amount}\nمانده: {remaining}\nشماره پیگیری: {reference}",
    ),
    ("bill_due", "سررسید {purpose} شما در نوبت نزدیک است.\nمانده: {amount}\nمهلت پرداخت: {due_at}"),
    (
        "bill_overdue",
        "سررسید {purpose} شما در نوبت گذشت.\nمانده: {amount}\nسررسید: {due_at}"
        "\nتا پرداخت آن برای هر روز جریمه‌ی دیرکرد حساب می‌شود.",
    ),
    ("order_settled", "همه‌ی بهای خودروی قرارداد {contract_number} پرداخت شد.\nنوبت"),
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
