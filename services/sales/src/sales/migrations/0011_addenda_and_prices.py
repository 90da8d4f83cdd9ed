"""Addenda to contracts, prices from a day on, seats handed on by the clock, care's pictures and phones."""

from alembic import op

revision = "sales_0011"
down_revision = "sales_0010"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE contract_addenda (
        id       uuid        PRIMARY KEY,
        order_id uuid        NOT NULL,
        kind     text        NOT NULL,
        at       timestamptz NOT NULL,
        before   jsonb       NOT NULL,
        after    jsonb       NOT NULL
    )
    """,
    "CREATE INDEX contract_addenda_of_order ON contract_addenda (order_id, id)",
    """
    INSERT INTO contract_addenda (id, order_id, kind, at, before, after)
    SELECT id, order_id, 'transferred', decided_at,
           jsonb_build_object('owner', from_customer_id), jsonb_build_object('owner', to_customer_id)
    FROM transfers WHERE state = 'completed'
    """,
    """
    CREATE TABLE offering_prices (
        id          uuid        PRIMARY KEY,
        offering_id uuid        NOT NULL REFERENCES offerings ON DELETE CASCADE,
        valid_from  date        NOT NULL,
        price       bigint      NOT NULL,
        prepayment  bigint      NOT NULL,
        created_by  uuid        NOT NULL,
        created_at  timestamptz NOT NULL,
        applied_at  timestamptz,
        CONSTRAINT offering_prices_one_a_day UNIQUE (offering_id, valid_from),
        CONSTRAINT offering_prices_prepayment CHECK (prepayment > 0 AND prepayment <= price)
    )
    """,
    "CREATE INDEX offering_prices_coming ON offering_prices (valid_from) WHERE applied_at IS NULL",
    "ALTER TABLE plans ADD COLUMN quota_handover_at timestamptz, ADD COLUMN handed_over_at timestamptz",
    """
    CREATE INDEX plans_to_hand_over ON plans (quota_handover_at)
    WHERE quota_handover_at IS NOT NULL AND handed_over_at IS NULL
    """,
    """
    ALTER TABLE complaint_attachments ADD COLUMN author text NOT NULL DEFAULT 'customer'
        CHECK (author IN ('customer', 'care'))
    """,
    """
    CREATE TABLE complaint_contacts (
        section    text        PRIMARY KEY,
        mobile     bytea       NOT NULL,
        updated_by uuid        NOT NULL,
        updated_at timestamptz NOT NULL
    )
    """,
)
DOWNGRADE = (
    "DROP TABLE complaint_contacts",
    "ALTER TABLE complaint_attachments DROP COLUMN author",
    "ALTER TABLE plans DROP COLUMN quota_handover_at, DROP COLUMN handed_over_at",
    "DROP TABLE offering_prices",
    "DROP TABLE contract_addenda",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
