"""The codes' patterns at every provider, and messages of which nobody knows whether they were taken.

The numbers are the simulators'; staff replace them by those that the providers gave the approved texts.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify_0015"
down_revision = "notify_0014"
branch_labels = None
depends_on = None

NUMBERS = {
    "nobat-code": "100001",
    "nobat-login": "100002",
    "nobat-password": "100003",
    "nobat-staff": "100004",
}

_ADD = sa.text(
    """
    UPDATE templates SET patterns = jsonb_build_object(
        'kavenegar', CAST(:name AS text), 'ghasedak', CAST(:name AS text), 'ippanel', CAST(:name AS text),
        'smsir', CAST(:number AS text), 'melipayamak', CAST(:number AS text)
    ) WHERE patterns = jsonb_build_object('kavenegar', CAST(:name AS text))
    """
)
_REMOVE = """
    UPDATE templates SET patterns = jsonb_build_object('kavenegar', patterns -> 'kavenegar')
    WHERE patterns ? 'kavenegar'
"""
STATES = ("queued", "sending", "sent", "delivered", "undelivered", "failed", "expired", "cancelled")


def _states(*more: str) -> str:
    listed = ", ".join(f"'{state}'" for state in (*STATES, *more))
    return f"""
        ALTER TABLE messages DROP CONSTRAINT messages_state_check,
            ADD CONSTRAINT messages_state_check CHECK (state IN ({listed}))
    """


def upgrade() -> None:
    for name, number in NUMBERS.items():
        op.execute(_ADD.bindparams(name=name, number=number))
    op.execute(_states("unknown"))


def downgrade() -> None:
    op.execute("UPDATE messages SET state = 'failed' WHERE state = 'unknown'")
    op.execute(_states())
    op.execute(_REMOVE)
