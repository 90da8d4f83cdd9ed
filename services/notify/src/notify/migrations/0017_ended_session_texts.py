"""What is said of a session whose refresh token came twice, and to staff whose post changed."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0017"
down_revision = "notify_0016"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "session_stolen",
        "ورود شما به نوبت با {device} پایان یافت، چون کلید آن دو بار به کار رفت و شاید دزدیده شده باشد.\n{at}"
        "\nدوباره وارد شوید و گذرواژه‌ی خود را عوض کنید.",
    ),
    (
        "staff_changed",
        "میز کار نوبت: {staff_change}.\n{at}"
        "\nدوباره وارد شوید؛ اگر انتظارش را نداشتید به مدیر سامانه بگویید.",
    ),
)

_INSERT = sa.text(
    "INSERT INTO templates (name, version, lane, text, active)"
    " VALUES (:name, 1, 'transactional', :text, true)"
)


def upgrade() -> None:
    for name, text in TEXTS:
        op.execute(_INSERT.bindparams(name=name, text=text))


def downgrade() -> None:
    op.execute("DELETE FROM templates WHERE name IN ('session_stolen', 'staff_changed')")
