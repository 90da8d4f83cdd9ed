"""What is said of an imported file as a whole, and columns of fixed width."""

from alembic import op

revision = "chassis_0006"
down_revision = "chassis_0005"
branch_labels = None
depends_on = None

FORMATS = "ALTER TABLE imports ADD CONSTRAINT imports_format_check CHECK (format IN ({}))"
UPGRADE = (
    "ALTER TABLE imports ADD COLUMN options jsonb NOT NULL DEFAULT '{}',"
    " ADD COLUMN layout jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE imports DROP CONSTRAINT imports_format_check",
    FORMATS.format("'csv', 'xlsx', 'fixed'"),
)
DOWNGRADE = (
    "DELETE FROM imports WHERE format = 'fixed'",
    "ALTER TABLE imports DROP CONSTRAINT imports_format_check",
    FORMATS.format("'csv', 'xlsx'"),
    "ALTER TABLE imports DROP COLUMN options, DROP COLUMN layout",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
