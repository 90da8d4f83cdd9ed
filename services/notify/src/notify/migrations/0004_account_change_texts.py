"""What is said about changes of the account, and sealed words for it."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0004"
down_revision = "notify_0003"
branch_labels = None
depends_on = None

TEXTS = (
    ("change_approved", "تغییر {field} در حساب شما در نوبت پذیرفته شد."),
    ("change_refused", "تغییر {field} در حساب شما در نوبت پذیرفته نشد.\nعلت: {explanation}"),
    (
        "mobile_changed",
        "شماره همراه حساب شما در نوبت به {new_mobile} تغییر کرد.\n{at}"
        "\nاگر شما نبودید، بی‌درنگ با پشتیبانی تماس بگیرید.",
    ),
    (
        "password_changed",
        "گذرواژه‌ی حساب شما در نوبت تغییر کرد.\n{at}\nاگر شما نبودید، بی‌درنگ گذرواژه را بازیابی کنید.",
    ),
)

_INSERT = sa.text(
    "INSERT INTO templates (name, version, lane, text, pattern, active)"
    " VALUES (:name, 1, 'transactional', :text, NULL, true)"
)


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN sealed_params bytea")
    for name, text in TEXTS:
        op.execute(_INSERT.bindparams(name=name, text=text))


def downgrade() -> None:
    for name, _ in TEXTS:
        op.execute(sa.text("DELETE FROM templates WHERE name = :name").bindparams(name=name))
    op.execute("ALTER TABLE messages DROP COLUMN sealed_params")
