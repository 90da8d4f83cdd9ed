"""Under which key the blind indexes of national codes are."""

from alembic import op

revision = "sales_0010"
down_revision = "sales_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE customers ADD index_generation integer NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE facts ADD index_generation integer NOT NULL DEFAULT 1")
    op.execute("CREATE INDEX ix_customers_index_generation ON customers (index_generation)")


def downgrade() -> None:
    op.execute("ALTER TABLE facts DROP index_generation")
    op.execute("ALTER TABLE customers DROP index_generation")
