"""Templates that staff write, limits and budgets of lanes."""

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
        ('bulk', 64, NULL, 1500, 20000000000, 80)
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
    "ALTER TABLE messages ADD COLUMN parts smallint",
)
DOWNGRADE = (
    "ALTER TABLE messages DROP COLUMN parts",
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
