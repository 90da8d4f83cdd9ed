"""What is said about devices, second factors and disabled accounts."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0003"
down_revision = "notify_0002"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "device_added",
        "ورود به حساب شما در نوبت از دستگاهی تازه: {device}\n{at}\nاگر شما نبودید، گذرواژه‌ی خود را عوض کنید.",
    ),
    (
        "authenticator_changed",
        "{change} در حساب شما در نوبت\n{at}\nاگر شما نبودید، گذرواژه‌ی خود را عوض کنید.",
    ),
    ("account_disabled", "حساب شما در نوبت بسته شد.\n{at}\nبرای پیگیری با پشتیبانی تماس بگیرید."),
    ("account_enabled", "حساب شما در نوبت دوباره باز شد. می‌توانید وارد شوید."),
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
