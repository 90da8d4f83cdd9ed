"""Versions of templates that staff write."""

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
)
DOWNGRADE = (
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
