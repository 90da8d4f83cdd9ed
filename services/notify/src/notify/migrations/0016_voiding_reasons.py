"""What a buyer hears whose order is void because of a rule that has words."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0016"
down_revision = "notify_0015"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "order_not_eligible",
        "درخواست {request_number} باطل شد: {rule}.\nمبلغ قابل بازگشت به شبای شما: {refund}\nنوبت",
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
    op.execute("DELETE FROM templates WHERE name = 'order_not_eligible'")
