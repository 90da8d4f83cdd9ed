"""Under which key the blind indexes of a row are."""

from alembic import op

revision = "identity_0007"
down_revision = "identity_0006"
branch_labels = None
depends_on = None

TABLES = ("customers", "registrations", "staff_invitations")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD index_generation integer NOT NULL DEFAULT 1")
        op.execute(f"CREATE INDEX ix_{table}_index_generation ON {table} (index_generation)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP index_generation")
