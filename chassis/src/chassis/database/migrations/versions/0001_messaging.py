"""The outbox and the inbox.

Rows of the outbox live for milliseconds: a low fill factor lets the lease be written in place, and
autovacuum works by rows, not by share, so that the dead ones never pile up in front of the relay.
"""

from alembic import op

revision = "chassis_0001"
down_revision = None
branch_labels = ("chassis",)
depends_on = None

UPGRADE = (
    """
    CREATE TABLE outbox (
        id           uuid        PRIMARY KEY,
        routing_key  text        NOT NULL,
        message      bytea       NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        available_at timestamptz NOT NULL DEFAULT now(),
        attempts     integer     NOT NULL DEFAULT 0,
        lease_token  uuid,
        leased_until timestamptz,
        expires_at   timestamptz,
        last_error   text
    ) WITH (
        fillfactor = 60,
        autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_scale_factor = 0,
        autovacuum_vacuum_insert_threshold = 20000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 20000,
        autovacuum_vacuum_cost_delay = 0
    )
    """,
    "CREATE INDEX outbox_available ON outbox (available_at, id)",
    "CREATE INDEX outbox_expires ON outbox (expires_at) WHERE expires_at IS NOT NULL",
    """
    CREATE TABLE inbox (
        consumer   text        NOT NULL,
        message_id uuid        NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, message_id)
    )
    """,
    "CREATE INDEX inbox_handled ON inbox USING brin (handled_at)",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE inbox")
    op.execute("DROP TABLE outbox")
