"""What providers say of a person's mobile, name and Sheba."""

from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE inquiry_runs (
        id           uuid        PRIMARY KEY,
        kinds        text[]      NOT NULL,
        customer_ids uuid[],
        state        text        NOT NULL,
        position     uuid,
        listed       boolean     NOT NULL,
        started_by   uuid        NOT NULL,
        started_at   timestamptz NOT NULL,
        ended_at     timestamptz,
        progress     jsonb
    )
    """,
    "CREATE UNIQUE INDEX inquiry_runs_one_at_a_time ON inquiry_runs ((true))"
    " WHERE state IN ('running', 'paused')",
    """
    CREATE TABLE inquiry_answers (
        id           uuid        PRIMARY KEY,
        kind         text        NOT NULL,
        inputs_index text        NOT NULL,
        result       text        NOT NULL,
        reason       text,
        provider     text        NOT NULL,
        trace_id     text,
        digest       text,
        asked_at     timestamptz NOT NULL,
        fresh_until  timestamptz NOT NULL
    )
    """,
    "CREATE INDEX inquiry_answers_inputs ON inquiry_answers (inputs_index, fresh_until)",
    """
    CREATE TABLE inquiries (
        id              uuid        PRIMARY KEY,
        customer_id     uuid        NOT NULL REFERENCES customers (id),
        kind            text        NOT NULL,
        version         integer     NOT NULL,
        result          text,
        reason          text,
        answer_id       uuid        REFERENCES inquiry_answers (id),
        from_memory     boolean     NOT NULL,
        attempts        integer     NOT NULL,
        lease           uuid,
        next_attempt_at timestamptz,
        bulk            boolean     NOT NULL,
        run_id          uuid        REFERENCES inquiry_runs (id),
        opened_at       timestamptz NOT NULL,
        concluded_at    timestamptz,
        UNIQUE (customer_id, kind)
    )
    """,
    "CREATE INDEX inquiries_due ON inquiries (bulk, next_attempt_at) WHERE next_attempt_at IS NOT NULL",
    "CREATE INDEX inquiries_of_run ON inquiries (run_id) WHERE run_id IS NOT NULL",
)
TABLES = ("inquiries", "inquiry_answers", "inquiry_runs")


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
