"""Files whose rows a service takes in: their parts, how far they are, and what was wrong with them."""

from alembic import op

revision = "chassis_0005"
down_revision = "chassis_0004"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE imports (
        id           uuid        PRIMARY KEY,
        kind         text        NOT NULL,
        file_name    text        NOT NULL,
        format       text        NOT NULL CHECK (format IN ('csv', 'xlsx')),
        state        text        NOT NULL CHECK (state IN ('uploading', 'running', 'done', 'failed')),
        created_by   uuid        NOT NULL,
        created_at   timestamptz NOT NULL,
        finished_at  timestamptz,
        rows_total   integer,
        rows_read    integer     NOT NULL DEFAULT 0,
        rows_bad     integer     NOT NULL DEFAULT 0,
        failure      text,
        failures     integer     NOT NULL DEFAULT 0,
        lease_token  uuid,
        leased_until timestamptz
    )
    """,
    "CREATE INDEX imports_of_kind ON imports (kind, id)",
    "CREATE INDEX imports_running ON imports (created_at) WHERE state = 'running'",
    """
    CREATE TABLE import_parts (
        import_id uuid    NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
        number    integer NOT NULL,
        content   bytea   NOT NULL,
        PRIMARY KEY (import_id, number)
    )
    """,
    """
    CREATE TABLE import_errors (
        import_id uuid    NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
        line      integer NOT NULL,
        field     text    NOT NULL,
        code      text    NOT NULL,
        fa        text    NOT NULL,
        en        text    NOT NULL,
        PRIMARY KEY (import_id, line, field)
    )
    """,
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("import_errors", "import_parts", "imports"):
        op.execute(f"DROP TABLE {table}")
