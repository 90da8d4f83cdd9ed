"""Checks of a plan's buyers that start by themselves."""

from alembic import op

revision = "sales_0013"
down_revision = "sales_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE rechecks ALTER COLUMN requested_by DROP NOT NULL")


def downgrade() -> None:
    op.execute("DELETE FROM rechecks WHERE requested_by IS NULL")
    op.execute("ALTER TABLE rechecks ALTER COLUMN requested_by SET NOT NULL")
