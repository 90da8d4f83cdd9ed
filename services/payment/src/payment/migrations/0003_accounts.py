"""Where money goes back to."""

from alembic import op

revision = "payment_0003"
down_revision = "payment_0002"
branch_labels = None
depends_on = "chassis_0004"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE refund_accounts (
            customer_id uuid    PRIMARY KEY,
            iban        bytea,
            version     integer NOT NULL
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE refund_accounts")
