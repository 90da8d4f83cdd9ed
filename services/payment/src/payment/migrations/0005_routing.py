"""Which provider a payment goes to, and money that its provider cannot send back."""

from alembic import op

revision = "payment_0005"
down_revision = "payment_0004"
branch_labels = None
depends_on = None

UPGRADE = (
    "ALTER TABLE payments ADD COLUMN number bigint",
    "CREATE INDEX bank_references_payment ON bank_references (payment_id)",
    "ALTER TABLE owed_returns ADD COLUMN by_transfer boolean NOT NULL DEFAULT false",
    """
    CREATE TABLE provider_routes (
        provider     text        PRIMARY KEY,
        offered      boolean     NOT NULL,
        rank         integer     NOT NULL,
        smallest     bigint,
        largest      bigint,
        fee_share    integer     NOT NULL,
        fee_least    bigint      NOT NULL,
        fee_most     bigint,
        version      integer     NOT NULL,
        changed_at   timestamptz NOT NULL,
        CONSTRAINT provider_routes_rank CHECK (rank BETWEEN 1 AND 100),
        CONSTRAINT provider_routes_amounts CHECK (smallest > 0 AND largest >= smallest),
        CONSTRAINT provider_routes_fee CHECK (
            fee_share BETWEEN 0 AND 10000 AND fee_least >= 0 AND fee_most >= fee_least
        )
    )
    """,
    """
    INSERT INTO provider_routes
    VALUES ('zarinpal', true, 1, NULL, NULL, 50, 3500, 120000, 1, now()),
           ('zibal', true, 2, 1001, NULL, 50, 3500, 120000, 1, now()),
           ('sep', true, 2, NULL, NULL, 2, 1200, 40000, 1, now()),
           ('mellat', true, 2, NULL, NULL, 2, 1200, 40000, 1, now()),
           ('sadad', true, 2, NULL, NULL, 2, 1200, 40000, 1, now())
    """,
    """
    CREATE TABLE buyers (
        customer_id   uuid    PRIMARY KEY,
        national_code bytea   NOT NULL
    )
    """,
)
DOWNGRADE = (
    "DROP TABLE buyers, provider_routes",
    "ALTER TABLE owed_returns DROP COLUMN by_transfer",
    "DROP INDEX bank_references_payment",
    "ALTER TABLE payments DROP COLUMN number",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
