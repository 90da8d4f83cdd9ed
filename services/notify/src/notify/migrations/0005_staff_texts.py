"""What is said to staff."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0005"
down_revision = "notify_0004"
branch_labels = None
depends_on = None

CODES = (("staff_invitation_code", "nobat-staff", "کد دعوت شما به کارکنان نوبت: {code}"),)
"""Name, the pattern at the provider, and what the pattern says."""

TEXTS = (
    (
        "staff_invitation",
        "شما به کارکنان نوبت دعوت شده‌اید. تا {expires_at} در این نشانی بپذیرید:\n{link}"
        "\nکد دعوت جداگانه می‌رسد؛ آن را به کسی نگویید.",
    ),
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
    op.execute("DELETE FROM templates WHERE name IN ('staff_invitation', 'staff_invitation_code')")
