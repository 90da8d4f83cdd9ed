"""What is said when an inquiry does not bear a person out."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0006"
down_revision = "notify_0005"
branch_labels = None
depends_on = None

TEXTS = (
    (
        "inquiry_failed",
        "{first_name} گرامی، {inquiry} برابر نبود. آن را در حساب کاربری نوبت درست کنید؛"
        " تا آن هنگام شاید سفارش یا بازگشت پول ممکن نباشد.",
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
    op.execute("DELETE FROM templates WHERE name = 'inquiry_failed'")
