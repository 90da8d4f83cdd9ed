"""Complaints, announcements, questions, reports."""

revision = "sales_0008"
down_revision = "sales_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
