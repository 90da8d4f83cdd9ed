"""Accounts, registrations, codes, sessions, signing keys, limits."""

from alembic import op

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = "chassis_0002"

UPGRADE = (
    """
    CREATE TABLE customers (
        id                       uuid        PRIMARY KEY,
        version                  integer     NOT NULL,
        national_code_index      text        NOT NULL UNIQUE,
        mobile_index             text        NOT NULL,
        mobile_verified_at       timestamptz NOT NULL,
        roles                    text[]      NOT NULL,
        registered_at            timestamptz NOT NULL,
        national_code            bytea       NOT NULL,
        mobile                   bytea       NOT NULL,
        first_name               bytea       NOT NULL,
        last_name                bytea       NOT NULL,
        father_name              bytea       NOT NULL,
        birth_date               bytea       NOT NULL,
        gender                   bytea       NOT NULL,
        education                bytea       NOT NULL,
        occupation               bytea       NOT NULL,
        email                    bytea       NOT NULL,
        iban                     bytea       NOT NULL,
        address                  bytea       NOT NULL,
        birth_certificate_number bytea       NOT NULL
    )
    """,
    "CREATE INDEX ix_customers_mobile_index ON customers (mobile_index)",
    """
    CREATE TABLE credentials (
        customer_id   uuid        PRIMARY KEY REFERENCES customers (id),
        password_hash text        NOT NULL,
        changed_at    timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE challenges (
        id          uuid        PRIMARY KEY,
        purpose     text        NOT NULL,
        customer_id uuid        REFERENCES customers (id),
        code_mac    text        NOT NULL,
        tries       integer     NOT NULL CHECK (tries <= 5),
        expires_at  timestamptz NOT NULL,
        used_at     timestamptz
    )
    """,
    "CREATE INDEX ix_challenges_expires_at ON challenges (expires_at)",
    """
    CREATE TABLE registrations (
        id                  uuid        PRIMARY KEY,
        national_code_index text        NOT NULL,
        genuine             boolean     NOT NULL,
        draft               bytea,
        password_hash       text,
        challenge_id        uuid        NOT NULL REFERENCES challenges (id),
        code_sent_at        timestamptz NOT NULL,
        expires_at          timestamptz NOT NULL,
        replaced_at         timestamptz,
        activated_at        timestamptz
    )
    """,
    "CREATE INDEX ix_registrations_national_code_index ON registrations (national_code_index)",
    "CREATE INDEX ix_registrations_challenge_id ON registrations (challenge_id)",
    "CREATE INDEX ix_registrations_expires_at ON registrations (expires_at)",
    """
    CREATE TABLE sessions (
        id           uuid        PRIMARY KEY,
        customer_id  uuid        NOT NULL REFERENCES customers (id),
        generation   integer     NOT NULL,
        device       text,
        created_at   timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        idle_seconds integer     NOT NULL,
        idle_until   timestamptz NOT NULL,
        ends_at      timestamptz NOT NULL,
        ended_at     timestamptz
    )
    """,
    "CREATE INDEX ix_sessions_customer_id ON sessions (customer_id)",
    "CREATE INDEX ix_sessions_idle_until ON sessions (idle_until)",
    """
    CREATE TABLE signing_keys (
        key_id      text        PRIMARY KEY,
        private_key bytea       NOT NULL,
        signs_from  timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE quota_uses (
        name      text        PRIMARY KEY,
        used      integer     NOT NULL,
        renews_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_quota_uses_renews_at ON quota_uses (renews_at)",
    """
    CREATE TABLE secret_tries (
        name          text        PRIMARY KEY,
        tries         integer     NOT NULL,
        blocked_until timestamptz NOT NULL,
        forget_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_secret_tries_forget_at ON secret_tries (forget_at)",
)
TABLES = (
    "secret_tries",
    "quota_uses",
    "signing_keys",
    "sessions",
    "registrations",
    "challenges",
    "credentials",
    "customers",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
