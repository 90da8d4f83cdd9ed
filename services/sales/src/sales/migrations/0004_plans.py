"""Plans of every kind: classes, quotas, schedules, rules as rows."""

from alembic import op

revision = "sales_0004"
down_revision = "sales_0003"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    ALTER TABLE plans
        ADD COLUMN paused            boolean NOT NULL DEFAULT false,
        ADD COLUMN applicant_classes text[]  NOT NULL DEFAULT '{ordinary}',
        ADD COLUMN quota_handover    text[]  NOT NULL DEFAULT '{}',
        ADD COLUMN max_choices       integer NOT NULL DEFAULT 1,
        ADD COLUMN rule_set_id       uuid,
        ADD COLUMN copied_from       uuid,
        ADD COLUMN terms             jsonb   NOT NULL DEFAULT '{}'
    """,
    "ALTER TABLE offerings ADD COLUMN delivery_days integer",
    """
    CREATE TABLE quotas (
        offering_id uuid    NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
        level       text    NOT NULL,
        key         text    NOT NULL,
        position    integer NOT NULL,
        capacity    integer,
        sold        integer NOT NULL,
        PRIMARY KEY (offering_id, level, key),
        CONSTRAINT quotas_never_oversold CHECK (sold >= 0 AND sold <= capacity)
    ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000)
    """,
    """
    ALTER TABLE orders
        ADD COLUMN applicant_class text  NOT NULL DEFAULT 'ordinary',
        ADD COLUMN terms           jsonb NOT NULL DEFAULT '{}',
        ALTER COLUMN pay_before DROP NOT NULL
    """,
    """
    CREATE TABLE rule_sets (
        id          uuid PRIMARY KEY,
        name        text        NOT NULL,
        version     integer     NOT NULL,
        valid_from  date        NOT NULL,
        valid_until date,
        rules       jsonb       NOT NULL,
        created_by  uuid        NOT NULL,
        created_at  timestamptz NOT NULL,
        CONSTRAINT rule_sets_version UNIQUE (name, version)
    )
    """,
    """
    CREATE TABLE facts (
        subject     text        NOT NULL,
        name        text        NOT NULL,
        item        text        NOT NULL,
        value       jsonb       NOT NULL,
        source      text        NOT NULL,
        imported_at timestamptz NOT NULL,
        import_id   uuid        NOT NULL,
        PRIMARY KEY (subject, name, item)
    )
    """,
    "CREATE INDEX facts_of_import ON facts (import_id)",
    """
    CREATE TABLE order_checks (
        order_id    uuid        NOT NULL,
        checked_at  timestamptz NOT NULL,
        occasion    text        NOT NULL,
        passed      boolean     NOT NULL,
        rule_set_id uuid,
        verdicts    jsonb       NOT NULL,
        PRIMARY KEY (order_id, checked_at, occasion)
    )
    """,
    """
    CREATE TABLE rechecks (
        id            uuid PRIMARY KEY,
        plan_id       uuid        NOT NULL,
        requested_by  uuid        NOT NULL,
        requested_at  timestamptz NOT NULL,
        last_customer_id uuid,
        total         integer     NOT NULL,
        checked       integer     NOT NULL,
        unknown       integer     NOT NULL,
        voided        integer     NOT NULL,
        finished_at   timestamptz
    )
    """,
    "CREATE UNIQUE INDEX rechecks_one_at_a_time ON rechecks (plan_id) WHERE finished_at IS NULL",
)
DOWNGRADE = (
    "DROP TABLE rechecks, order_checks, facts, rule_sets, quotas",
    "ALTER TABLE orders DROP COLUMN applicant_class, DROP COLUMN terms",
    "ALTER TABLE offerings DROP COLUMN delivery_days",
    """
    ALTER TABLE plans
        DROP COLUMN paused, DROP COLUMN applicant_classes, DROP COLUMN quota_handover,
        DROP COLUMN max_choices, DROP COLUMN rule_set_id, DROP COLUMN copied_from, DROP COLUMN terms
    """,
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
