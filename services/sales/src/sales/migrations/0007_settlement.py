"""Settlement: schedules, bills asked for, late fees; and the words of contracts."""

import json

import sqlalchemy as sa
from alembic import op

revision = "sales_0007"
down_revision = "sales_0006"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE instalments (
        order_id uuid    NOT NULL,
        number   integer NOT NULL,
        amount   bigint  NOT NULL,
        due_on   date    NOT NULL,
        state    text    NOT NULL,
        bill_id  uuid,
        paid_at  timestamptz,
        PRIMARY KEY (order_id, number),
        CONSTRAINT instalments_amount CHECK (amount > 0)
    )
    """,
    "CREATE INDEX instalments_coming ON instalments (due_on) WHERE state = 'coming'",
    "CREATE UNIQUE INDEX instalments_bill ON instalments (bill_id)",
    """
    CREATE TABLE settlement_bills (
        id           uuid PRIMARY KEY,
        order_id     uuid        NOT NULL,
        purpose      text        NOT NULL,
        amount       bigint      NOT NULL,
        state        text        NOT NULL,
        requested_at timestamptz NOT NULL,
        due_at       timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX settlement_bills_one_open ON settlement_bills (order_id, purpose)"
    " WHERE state = 'open'",
    "CREATE INDEX settlement_bills_due ON settlement_bills (due_at) WHERE state = 'open'",
    """
    CREATE TABLE bill_parts (
        payment_id uuid PRIMARY KEY,
        bill_id    uuid        NOT NULL,
        amount     bigint      NOT NULL,
        paid_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_bill_parts_bill_id ON bill_parts (bill_id)",
    """
    CREATE TABLE late_fee_caps (
        valid_from date PRIMARY KEY,
        rate       integer     NOT NULL,
        created_by uuid        NOT NULL,
        created_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE contract_templates (
        id         uuid PRIMARY KEY,
        version    integer     NOT NULL UNIQUE,
        title      text        NOT NULL,
        sections   jsonb       NOT NULL,
        active     boolean     NOT NULL,
        created_by uuid,
        created_at timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX contract_templates_active ON contract_templates (active) WHERE active",
    "CREATE TABLE buyers (customer_id uuid PRIMARY KEY, name bytea NOT NULL, version integer NOT NULL)",
    "ALTER TABLE contracts ADD COLUMN template_id uuid, ADD COLUMN settled_at timestamptz",
)
TABLES = "instalments, settlement_bills, bill_parts, late_fee_caps, contract_templates, buyers"

TITLE = "قرارداد فروش خودرو"
SECTIONS = (
    (
        "طرفین و موضوع",
        "این قرارداد به شماره {contract_number} در تاریخ {contracted_on} میان فروشنده و {buyer}، دارنده‌ی"
        " درخواست شماره {request_number}، بسته شد. موضوع قرارداد فروش یک دستگاه خودروی {title} به رنگ"
        " {colour} در طرح {circular} ({kind}) است.",
    ),
    (
        "بها و پرداخت",
        "بهای خودرو {price} ({price_words}) است. {price_policy} خریدار {prepayment} ({prepayment_words})"
        " پیش‌پرداخت کرده است و مانده را بنا بر جدول پرداخت این قرارداد می‌پردازد.",
    ),
    (
        "دیرکرد پرداخت",
        "هر قسطی که پس از سررسید پرداخت شود، به ازای هر روز دیرکرد و به نسبت سیصد و شصت و پنج روز سال،"
        " مشمول جریمه‌ی دیرکرد با نرخ سالانه‌ی {late_fee} می‌شود.",
    ),
    (
        "تحویل",
        "زمان تحویل خودرو: {delivery}. هر روز تأخیر فروشنده در تحویل، بر پایه‌ی روزهای تقویمی و نرخ‌های"
        " آیین‌نامه‌ی حمایت از حقوق مصرف‌کنندگان خودرو، محاسبه و به حساب خریدار واریز می‌شود.",
    ),
    (
        "انصراف و انتقال",
        "{cancellation} نرخ سود انصراف سالانه {cancellation_profit} و نرخ سود مشارکت سالانه"
        " {participation_profit} است. {transfer} وجوه خریدار تنها به شبای تأییدشده‌ی خود او برمی‌گردد.",
    ),
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)
    sections = [{"heading": heading, "text": text} for heading, text in SECTIONS]
    op.execute(
        sa.text(
            "INSERT INTO contract_templates (id, version, title, sections, active, created_at)"
            " VALUES (gen_random_uuid(), 1, :title, CAST(:sections AS jsonb), true, now())"
        ).bindparams(title=TITLE, sections=json.dumps(sections, ensure_ascii=False))
    )


def downgrade() -> None:
    op.execute("ALTER TABLE contracts DROP COLUMN template_id, DROP COLUMN settled_at")
    op.execute(f"DROP TABLE {TABLES}")
