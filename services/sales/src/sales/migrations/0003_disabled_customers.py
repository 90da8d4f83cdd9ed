"""Accounts that identity has disabled."""

from alembic import op

revision = "sales_0003"
down_revision = "sales_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE disablements (
            customer_id uuid    PRIMARY KEY,
            disabled    boolean NOT NULL,
            version     integer NOT NULL
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE disablements")
