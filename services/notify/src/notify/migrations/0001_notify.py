"""Contacts, templates and messages."""

from alembic import op

revision = "notify_0001"
down_revision = None
branch_labels = ("notify",)
depends_on = "chassis_0002"

UPGRADE = (
    """
    CREATE TABLE contacts (
        customer_id uuid    PRIMARY KEY,
        mobile      bytea   NOT NULL,
        first_name  bytea   NOT NULL,
        version     integer NOT NULL
    )
    """,
    """
    CREATE TABLE templates (
        name    text    NOT NULL,
        version integer NOT NULL,
        lane    text    NOT NULL CHECK (lane IN ('code', 'transactional', 'bulk')),
        text    text    NOT NULL,
        pattern text,
        active  boolean NOT NULL,
        PRIMARY KEY (name, version)
    )
    """,
    "CREATE UNIQUE INDEX templates_active ON templates (name) WHERE active",
    """
    CREATE TABLE messages (
        id                  uuid        PRIMARY KEY,
        lane                text        NOT NULL CHECK (lane IN ('code', 'transactional', 'bulk')),
        source_id           uuid        NOT NULL,
        template            text        NOT NULL,
        template_version    integer     NOT NULL,
        customer_id         uuid,
        recipient           bytea,
        order_id            uuid,
        params              jsonb       NOT NULL,
        code                bytea,
        state               text        NOT NULL CHECK (state IN
            ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'expired')),
        created_at          timestamptz NOT NULL,
        expires_at          timestamptz NOT NULL,
        attempts            integer     NOT NULL,
        next_attempt_at     timestamptz,
        lease               uuid,
        provider            text,
        provider_message_id text,
        sent_at             timestamptz,
        next_status_at      timestamptz,
        failure             text,
        CONSTRAINT messages_source UNIQUE (source_id, template),
        FOREIGN KEY (template, template_version) REFERENCES templates (name, version),
        CHECK (num_nonnulls(customer_id, recipient) = 1)
    )
    """,
    "CREATE INDEX messages_due ON messages (lane, next_attempt_at) WHERE next_attempt_at IS NOT NULL",
    "CREATE INDEX messages_in_flight ON messages (next_status_at) WHERE next_status_at IS NOT NULL",
    "CREATE INDEX messages_customer ON messages (customer_id, id) WHERE customer_id IS NOT NULL",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("messages", "templates", "contacts"):
        op.execute(f"DROP TABLE {table}")
