"""The audit trail: entries that are only added, the chain over them, and the queue in front of it."""

from alembic import op

revision = "chassis_0003"
down_revision = "chassis_0002"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE audit_entries (
        id             uuid        PRIMARY KEY,
        at             timestamptz NOT NULL,
        actor          uuid,
        subject        uuid,
        roles          text[]      NOT NULL,
        action         text        NOT NULL,
        client         text,
        correlation_id text,
        details        json        NOT NULL
    )
    """,
    "CREATE INDEX audit_entries_subject ON audit_entries (subject, id)",
    "CREATE INDEX audit_entries_actor ON audit_entries (actor, id)",
    "CREATE INDEX audit_entries_action ON audit_entries (action, id)",
    "CREATE INDEX audit_entries_at ON audit_entries USING brin (at)",
    """
    CREATE TABLE audit_links (
        sequence bigint PRIMARY KEY CHECK (sequence > 0),
        entry_id uuid   NOT NULL UNIQUE REFERENCES audit_entries (id),
        hash     bytea  NOT NULL CHECK (octet_length(hash) = 32)
    )
    """,
    "CREATE TABLE audit_unlinked (entry_id uuid PRIMARY KEY)",
    """
    CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    """
    CREATE FUNCTION audit_await_link() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit_unlinked VALUES (NEW.id);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    EXECUTE FUNCTION audit_refuse_change()
    """,
    """
    CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links
    EXECUTE FUNCTION audit_refuse_change()
    """,
    """
    CREATE TRIGGER await_link AFTER INSERT ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_await_link()
    """,
)
DOWNGRADE = (
    "DROP TABLE audit_unlinked",
    "DROP TABLE audit_links",
    "DROP TABLE audit_entries",
    "DROP FUNCTION audit_await_link",
    "DROP FUNCTION audit_refuse_change",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
