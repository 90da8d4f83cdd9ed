"""What inquiries found out about customers, and which of it a plan asks for."""

from alembic import op

revision = "sales_0002"
down_revision = "sales_0001"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE customer_inquiries (
        customer_id uuid    NOT NULL,
        kind        text    NOT NULL,
        result      text    NOT NULL,
        version     integer NOT NULL,
        PRIMARY KEY (customer_id, kind)
    )
    """,
    "ALTER TABLE plans ADD COLUMN required_inquiries text[] NOT NULL DEFAULT '{}'",
)
DOWNGRADE = (
    "ALTER TABLE plans DROP COLUMN required_inquiries",
    "DROP TABLE customer_inquiries",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
