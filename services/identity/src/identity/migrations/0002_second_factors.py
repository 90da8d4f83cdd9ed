"""Remembered devices, authenticator apps, recovery codes, disabled accounts."""

from alembic import op

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    ALTER TABLE customers
        ADD appointed_at         timestamptz,
        ADD authenticator_due_at timestamptz,
        ADD disabled_at          timestamptz
    """,
    "UPDATE customers SET appointed_at = registered_at WHERE roles <> '{}'",
    """
    CREATE TABLE devices (
        id           uuid        PRIMARY KEY,
        customer_id  uuid        NOT NULL REFERENCES customers (id),
        agent        text,
        network      text        NOT NULL,
        place_mac    text        NOT NULL,
        created_at   timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_devices_customer_id ON devices (customer_id)",
    "CREATE INDEX ix_devices_expires_at ON devices (expires_at)",
    """
    CREATE TABLE authenticators (
        customer_id  uuid        PRIMARY KEY REFERENCES customers (id),
        secret       bytea       NOT NULL,
        created_at   timestamptz NOT NULL,
        confirmed_at timestamptz,
        last_step    bigint
    )
    """,
    """
    CREATE TABLE recovery_codes (
        id          uuid        PRIMARY KEY,
        customer_id uuid        NOT NULL REFERENCES authenticators (customer_id) ON DELETE CASCADE,
        selector    text        NOT NULL,
        code_hash   text        NOT NULL,
        used_at     timestamptz,
        CONSTRAINT uq_recovery_codes_customer_id UNIQUE (customer_id, selector)
    )
    """,
    "ALTER TABLE challenges ADD method text NOT NULL DEFAULT 'sms'",
    "CREATE INDEX ix_challenges_customer_id ON challenges (customer_id)",
    """
    ALTER TABLE sessions
        ADD network   text,
        ADD proof     text NOT NULL DEFAULT 'sms',
        ADD device_id uuid REFERENCES devices (id) ON DELETE SET NULL
    """,
    "CREATE INDEX ix_sessions_device_id ON sessions (device_id)",
    "CREATE INDEX ix_sessions_ended_at ON sessions (ended_at)",
)
DOWNGRADE = (
    "DROP INDEX ix_sessions_ended_at",
    "ALTER TABLE sessions DROP network, DROP proof, DROP device_id",
    "DROP INDEX ix_challenges_customer_id",
    "ALTER TABLE challenges DROP method",
    "DROP TABLE recovery_codes",
    "DROP TABLE authenticators",
    "DROP TABLE devices",
    "ALTER TABLE customers DROP appointed_at, DROP authenticator_due_at, DROP disabled_at",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
