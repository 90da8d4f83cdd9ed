"""Refunds to the buyer's Sheba, in batches."""

from alembic import op

revision = "payment_0004"
down_revision = "payment_0003"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE refund_batches (
        id          uuid        PRIMARY KEY,
        state       varchar(20) NOT NULL,
        refunds     integer     NOT NULL,
        amount      bigint      NOT NULL,
        file        bytea       NOT NULL,
        digest      text        NOT NULL,
        proposed_by uuid        NOT NULL,
        proposed_at timestamptz NOT NULL,
        decided_by  uuid,
        decided_at  timestamptz,
        settled_at  timestamptz
    )
    """,
    """
    CREATE TABLE refunds (
        id           uuid        PRIMARY KEY,
        order_id     uuid        NOT NULL,
        customer_id  uuid        NOT NULL,
        amount       bigint      NOT NULL,
        reason       text        NOT NULL,
        state        varchar(20) NOT NULL,
        requested_at timestamptz NOT NULL,
        due_at       timestamptz,
        reference    text,
        paid_at      timestamptz,
        version      integer     NOT NULL,
        CONSTRAINT refunds_amount CHECK (amount > 0)
    )
    """,
    "CREATE INDEX refunds_waiting ON refunds (state, id) WHERE state <> 'paid'",
    "CREATE INDEX refunds_customer ON refunds (customer_id)",
    """
    CREATE TABLE refund_transfers (
        batch_id    uuid    NOT NULL REFERENCES refund_batches,
        refund_id   uuid    NOT NULL REFERENCES refunds,
        amount      bigint  NOT NULL,
        masked_iban text    NOT NULL,
        open        boolean NOT NULL,
        outcome     text,
        reference   text,
        reason      text,
        PRIMARY KEY (batch_id, refund_id)
    )
    """,
    "CREATE UNIQUE INDEX refund_transfers_one_open ON refund_transfers (refund_id) WHERE open",
    """
    ALTER TABLE ledger_entries
        ALTER COLUMN payment_id DROP NOT NULL,
        ADD COLUMN refund_id uuid,
        ADD CONSTRAINT ledger_entries_refund_once UNIQUE (refund_id, kind),
        ADD CONSTRAINT ledger_entries_cause CHECK ((payment_id IS NULL) <> (refund_id IS NULL))
    """,
)
DOWNGRADE = (
    "ALTER TABLE ledger_entries DROP COLUMN refund_id, ALTER COLUMN payment_id SET NOT NULL",
    "DROP TABLE refund_transfers, refunds, refund_batches",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
