"""Cars allocated to contracts, and what is owed for delay."""

revision = "sales_0009"
down_revision = "sales_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
