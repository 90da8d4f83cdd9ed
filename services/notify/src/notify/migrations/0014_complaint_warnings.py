"""What the colleague on call hears of a complaint that waits too long."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0014"
down_revision = "notify_0013"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "complaint_warned",
        "شکایت {complaint_number} در بخش {section} {day} روز است که مانده و تا {due_at} باید پاسخ بگیرد."
        "\nنوبت",
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
    op.execute("DELETE FROM templates WHERE name = 'complaint_warned'")
