"""Texts about complaints."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0010"
down_revision = "notify_0009"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "complaint_filed",
        "{first_name} گرامی، شکایت شما با شماره {complaint_number} ثبت شد و تا {due_at} رسیدگی می‌شود.",
    ),
    (
        "complaint_answered",
        "{first_name} گرامی، به شکایت شماره {complaint_number} پاسخ داده شد. برای دیدن آن وارد نوبت شوید.",
    ),
    (
        "complaint_escalated",
        "{first_name} گرامی، شکایت شماره {complaint_number} اکنون در {office} پیگیری می‌شود.",
    ),
    (
        "complaint_resolved",
        "{first_name} گرامی، رسیدگی به شکایت شماره {complaint_number} پایان یافت."
        " اگر راضی نیستید می‌توانید یک بار آن را بازگشایی کنید.",
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
    op.execute("DELETE FROM templates WHERE name LIKE 'complaint\\_%'")
