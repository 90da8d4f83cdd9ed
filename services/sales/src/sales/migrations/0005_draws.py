"""Draws: entries, commitments, results."""

from alembic import op

revision = "sales_0005"
down_revision = "sales_0004"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE draws (
        plan_id       uuid PRIMARY KEY,
        stage         text    NOT NULL,
        attempt       integer NOT NULL,
        version       integer NOT NULL,
        recipe        jsonb,
        commitment    jsonb,
        secret        bytea,
        seed          text,
        frozen_by     uuid,
        frozen_at     timestamptz,
        proposed_by   uuid,
        proposed_at   timestamptz,
        confirmed_by  uuid,
        drawn_at      timestamptz,
        selected      integer,
        reserve       integer,
        aborted       jsonb   NOT NULL DEFAULT '[]',
        problem       text,
        claimed_until timestamptz
    )
    """,
    """
    CREATE TABLE draw_entries (
        order_id        uuid PRIMARY KEY,
        plan_id         uuid       NOT NULL,
        code            bytea      NOT NULL,
        salt            bytea      NOT NULL,
        applicant_class text       NOT NULL,
        choices         smallint[] NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX draw_entries_codes ON draw_entries (plan_id, code)",
    """
    CREATE TABLE draw_values (
        plan_id     uuid        NOT NULL,
        attempt     integer     NOT NULL,
        kind        text        NOT NULL,
        name        text        NOT NULL,
        alternative integer     NOT NULL,
        value       text,
        evidence    text        NOT NULL,
        entered_by  uuid        NOT NULL,
        entered_at  timestamptz NOT NULL,
        PRIMARY KEY (plan_id, attempt, kind, name, alternative)
    )
    """,
    """
    CREATE TABLE draw_files (
        plan_id uuid    NOT NULL,
        name    text    NOT NULL,
        part    integer NOT NULL,
        first   text    NOT NULL,
        root    bytea,
        content bytea   NOT NULL,
        PRIMARY KEY (plan_id, name, part)
    )
    """,
    "ALTER TABLE draw_files ALTER COLUMN content SET STORAGE EXTERNAL",
    """
    CREATE TABLE draw_published_files (
        plan_id uuid   NOT NULL,
        name    text   NOT NULL,
        sha256  text   NOT NULL,
        size    bigint NOT NULL,
        PRIMARY KEY (plan_id, name)
    )
    """,
    """
    CREATE TABLE draw_results (
        order_id        uuid PRIMARY KEY,
        plan_id         uuid    NOT NULL,
        applicant_class text    NOT NULL,
        rank            integer NOT NULL,
        selected        boolean NOT NULL,
        offering_id     uuid    NOT NULL,
        position        integer NOT NULL
    )
    """,
    """
    CREATE INDEX draw_results_reserve
        ON draw_results (plan_id, offering_id, applicant_class, position) WHERE NOT selected
    """,
)
DOWNGRADE = ("DROP TABLE draw_results, draw_published_files, draw_files, draw_values, draw_entries, draws",)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
