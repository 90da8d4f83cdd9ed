"""Deposits that banks block for a plan."""

from alembic import op

revision = "sales_0012"
down_revision = "sales_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE blocked_deposits (
            plan_id     uuid    NOT NULL,
            customer_id uuid    NOT NULL,
            bank        text    NOT NULL,
            amount      bigint  NOT NULL,
            live        boolean NOT NULL,
            version     integer NOT NULL,
            PRIMARY KEY (plan_id, customer_id, bank)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE blocked_deposits")
