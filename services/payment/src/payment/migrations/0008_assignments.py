"""Deposits whose bill the bank did not name are given one by two of the staff."""

from alembic import op

revision = "payment_0008"
down_revision = "payment_0007"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE deposit_assignments (
        id          uuid        PRIMARY KEY,
        deposit_id  uuid        NOT NULL REFERENCES bank_deposits,
        bill_id     uuid        NOT NULL REFERENCES bills,
        state       varchar(20) NOT NULL,
        counts      bigint      NOT NULL,
        goes_back   bigint      NOT NULL,
        note        bytea       NOT NULL,
        proposed_by uuid        NOT NULL,
        proposed_at timestamptz NOT NULL,
        decided_by  uuid,
        decided_at  timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX deposit_assignments_one_open ON deposit_assignments (deposit_id)
    WHERE state IN ('proposed', 'approved')
    """,
    "CREATE INDEX deposit_assignments_state ON deposit_assignments (state, id)",
)
DOWNGRADE = ("DROP TABLE deposit_assignments",)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
