"""Templates that staff write, limits and budgets of lanes, bulk runs, and who wants none of them."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0013"
down_revision = "notify_0012"
branch_labels = None
depends_on = "chassis_0005"

TEXTS = (
    (
        "draw_selected",
        "{first_name} عزیز، درخواست {request_number} شما در قرعه‌کشی طرح «{title}» برگزیده شد."
        "\nدعوتنامه‌ی پرداخت جداگانه فرستاده می‌شود.\nنوبت",
    ),
    (
        "draw_reserve",
        "{first_name} عزیز، درخواست {request_number} شما در قرعه‌کشی طرح «{title}»"
        " در فهرست ذخیره است.\nرتبه: {rank}\nنوبت",
    ),
    (
        "draw_not_selected",
        "{first_name} عزیز، درخواست {request_number} شما در قرعه‌کشی طرح «{title}» برگزیده نشد.\nنوبت",
    ),
    ("notice", "{first_name} گرامی، خبر تازه‌ای درباره‌ی {number} در حساب شما هست.\nنوبت"),
)

UPGRADE = (
    """
    ALTER TABLE templates
        ADD COLUMN patterns jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN created_by uuid,
        ADD COLUMN created_at timestamptz
    """,
    "UPDATE templates SET patterns = jsonb_build_object('kavenegar', pattern) WHERE pattern IS NOT NULL",
    "ALTER TABLE templates DROP COLUMN pattern",
    """
    CREATE TABLE lane_limits (
        lane          text    PRIMARY KEY CHECK (lane IN ('code', 'transactional', 'bulk')),
        in_flight     integer NOT NULL CHECK (in_flight > 0),
        per_second    integer CHECK (per_second > 0),
        rial_per_part integer NOT NULL CHECK (rial_per_part >= 0),
        daily_rial    bigint  CHECK (daily_rial >= 0),
        warn_percent  integer NOT NULL CHECK (warn_percent BETWEEN 1 AND 100)
    )
    """,
    """
    INSERT INTO lane_limits (lane, in_flight, per_second, rial_per_part, daily_rial, warn_percent) VALUES
        ('code', 32, NULL, 2000, 1000000000, 80),
        ('transactional', 16, NULL, 1500, 2000000000, 80),
        ('bulk', 128, NULL, 1500, 20000000000, 80)
    """,
    """
    CREATE TABLE lane_spending (
        lane     text   NOT NULL REFERENCES lane_limits (lane),
        day      date   NOT NULL,
        messages bigint NOT NULL,
        parts    bigint NOT NULL,
        rial     bigint NOT NULL,
        PRIMARY KEY (lane, day)
    )
    """,
    "CREATE TABLE opt_outs (customer_id uuid PRIMARY KEY, at timestamptz NOT NULL)",
    """
    CREATE TABLE message_runs (
        id               uuid        PRIMARY KEY,
        kind             text        NOT NULL CHECK (kind IN ('file', 'draw')),
        title            text        NOT NULL,
        state            text        NOT NULL CHECK (state IN
            ('reading', 'ready', 'running', 'paused', 'done', 'cancelled')),
        listed           boolean     NOT NULL,
        template         text,
        template_version integer,
        salt             bytea,
        plan_id          uuid,
        pages            integer     NOT NULL,
        pages_total      integer,
        created_by       uuid,
        created_at       timestamptz NOT NULL,
        started_by       uuid,
        started_at       timestamptz,
        ended_at         timestamptz,
        figures          jsonb,
        FOREIGN KEY (template, template_version) REFERENCES templates (name, version),
        CHECK ((kind = 'file') = (num_nonnulls(template, template_version, salt, created_by) = 4)),
        CHECK ((kind = 'draw') = (plan_id IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX message_runs_plan ON message_runs (plan_id) WHERE plan_id IS NOT NULL",
    "CREATE INDEX message_runs_live ON message_runs (id) WHERE state NOT IN ('done', 'cancelled')",
    """
    CREATE TABLE message_run_rules (
        sole            boolean PRIMARY KEY DEFAULT true CHECK (sole),
        quiet_from      time    NOT NULL,
        quiet_until     time    NOT NULL,
        four_eyes_above integer NOT NULL CHECK (four_eyes_above >= 0)
    )
    """,
    """
    INSERT INTO message_run_rules (quiet_from, quiet_until, four_eyes_above) VALUES ('22:00', '08:00', 1000)
    """,
    """
    ALTER TABLE messages
        ADD COLUMN parts smallint,
        ADD COLUMN run_id uuid REFERENCES message_runs (id),
        ADD COLUMN resent_of uuid,
        DROP CONSTRAINT messages_state_check,
        ADD CONSTRAINT messages_state_check CHECK (state IN
            ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'expired', 'cancelled'))
    """,
    "CREATE INDEX messages_run ON messages (run_id, state) WHERE run_id IS NOT NULL",
    """
    CREATE INDEX messages_held ON messages (run_id, id)
        WHERE run_id IS NOT NULL AND state = 'queued' AND next_attempt_at IS NULL
    """,
)
DOWNGRADE = (
    "DELETE FROM messages WHERE state = 'cancelled'",
    """
    ALTER TABLE messages
        DROP COLUMN parts,
        DROP COLUMN run_id,
        DROP COLUMN resent_of,
        DROP CONSTRAINT messages_state_check,
        ADD CONSTRAINT messages_state_check CHECK (state IN
            ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'expired'))
    """,
    "DROP TABLE message_run_rules, message_runs, opt_outs",
    "DROP TABLE lane_spending, lane_limits",
    "ALTER TABLE templates ADD COLUMN pattern text",
    "UPDATE templates SET pattern = patterns ->> 'kavenegar'",
    "ALTER TABLE templates DROP COLUMN patterns, DROP COLUMN created_by, DROP COLUMN created_at",
)

_INSERT = sa.text(
    "INSERT INTO templates (name, version, lane, text, active) VALUES (:name, 1, 'bulk', :text, true)"
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)
    for name, text in TEXTS:
        op.execute(_INSERT.bindparams(name=name, text=text))


def downgrade() -> None:
    for name, _ in TEXTS:
        op.execute(sa.text("DELETE FROM templates WHERE name = :name").bindparams(name=name))
    for statement in DOWNGRADE:
        op.execute(statement)
