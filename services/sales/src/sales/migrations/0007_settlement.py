"""Settlement: schedules, bills asked for, late fees."""

revision = "sales_0007"
down_revision = "sales_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
