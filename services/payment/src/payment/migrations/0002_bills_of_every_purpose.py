"""Bills of every purpose, asked for by sales and paid in parts."""

from alembic import op

revision = "payment_0002"
down_revision = "payment_0001"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE requested_bills (
        bill_id      uuid PRIMARY KEY,
        withdrawn_at timestamptz,
        postponed_to timestamptz
    )
    """,
    "ALTER TABLE billed_orders ADD COLUMN customer_id uuid, ADD COLUMN version integer NOT NULL DEFAULT 0",
    "ALTER TABLE bills DROP CONSTRAINT bills_order_purpose",
    """
    ALTER TABLE bills
        ADD COLUMN payable_late boolean NOT NULL DEFAULT false,
        ADD COLUMN cancelled_for text,
        ADD COLUMN remind_at timestamptz
    """,
    "CREATE INDEX bills_order ON bills (order_id)",
    "CREATE INDEX bills_remind ON bills (remind_at) WHERE remind_at IS NOT NULL",
    """
    ALTER TABLE payments
        ADD COLUMN part varchar(20) NOT NULL DEFAULT 'whole',
        ADD COLUMN remaining bigint NOT NULL DEFAULT 0
    """,
    "CREATE INDEX payments_customer ON payments (customer_id, started_at)",
    """
    CREATE TABLE card_limits (
        valid_from    date   PRIMARY KEY,
        daily_ceiling bigint NOT NULL,
        smallest_part bigint NOT NULL,
        CONSTRAINT card_limits_amounts CHECK (smallest_part > 0 AND daily_ceiling >= 2 * smallest_part)
    )
    """,
    "INSERT INTO card_limits VALUES ('2023-01-01', 2000000000, 10000)",
)
DOWNGRADE = (
    "DROP TABLE card_limits",
    "DROP INDEX payments_customer",
    "ALTER TABLE payments DROP COLUMN part, DROP COLUMN remaining",
    "DROP INDEX bills_remind",
    "DROP INDEX bills_order",
    "ALTER TABLE bills DROP COLUMN payable_late, DROP COLUMN cancelled_for, DROP COLUMN remind_at",
    "ALTER TABLE bills ADD CONSTRAINT bills_order_purpose UNIQUE (order_id, purpose)",
    "ALTER TABLE billed_orders DROP COLUMN customer_id, DROP COLUMN version",
    "DROP TABLE requested_bills",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
