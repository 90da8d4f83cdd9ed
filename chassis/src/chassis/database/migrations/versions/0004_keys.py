"""Which process has which keys, and how far a re-encryption has come."""

from alembic import op

revision = "chassis_0004"
down_revision = "chassis_0003"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE key_holders (
        process       uuid        NOT NULL,
        keyring       text        NOT NULL,
        sealing       text        NOT NULL,
        sealing_since timestamptz NOT NULL DEFAULT now(),
        opening       text[]      NOT NULL,
        seen_at       timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (process, keyring)
    )
    """,
    """
    CREATE TABLE reencryptions (
        table_name  text        PRIMARY KEY,
        sealing     text        NOT NULL,
        after       text[],
        found       bigint      NOT NULL DEFAULT 0,
        rewritten   bigint      NOT NULL DEFAULT 0,
        unreadable  bigint      NOT NULL DEFAULT 0,
        started_at  timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
    )
    """,
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE reencryptions")
    op.execute("DROP TABLE key_holders")
