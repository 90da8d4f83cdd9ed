"""Whose tries a code's count with, changes that wait for approval, changes of the mobile, password resets."""

from alembic import op

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None

UPGRADE: tuple[str, ...] = (
    "ALTER TABLE challenges ADD COLUMN person text NOT NULL DEFAULT '', ADD COLUMN address text",
)
DOWNGRADE: tuple[str, ...] = ("ALTER TABLE challenges DROP COLUMN address, DROP COLUMN person",)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
