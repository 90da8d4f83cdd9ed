"""Ceilings, corrections and the ledger's guards."""

from alembic import op

revision = "payment_0007"
down_revision = "payment_0006"
branch_labels = None
depends_on = None

NOT_THE_OWNERS = """
    DO $$
    DECLARE
        account name;
    BEGIN
        FOR account IN
            SELECT DISTINCT pg_get_userbyid(held.grantee)
            FROM pg_class, aclexplode(relacl) AS held
            WHERE oid IN ('ledger_entries'::regclass, 'ledger_postings'::regclass)
              AND held.grantee NOT IN (0, relowner)
        LOOP
            EXECUTE format('{verb} ON ledger_entries, ledger_postings {to} %I', account);
        END LOOP;
    END
    $$
"""
"""For every account but the owner, who migrates: the service's own may add to the ledger and read it."""
UPGRADE = (
    "REVOKE ALL ON ledger_entries, ledger_postings FROM PUBLIC",
    NOT_THE_OWNERS.format(verb="REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER", to="FROM"),
    "DROP INDEX ledger_postings_account",
    """
    CREATE TABLE ledger_checks (
        id               uuid        PRIMARY KEY,
        checked_at       timestamptz NOT NULL,
        kept             boolean     NOT NULL,
        postings         bigint      NOT NULL,
        unbalanced       integer     NOT NULL,
        difference       bigint      NOT NULL,
        bills_difference bigint      NOT NULL,
        accounts         jsonb       NOT NULL
    )
    """,
)
DOWNGRADE = (
    "DROP TABLE ledger_checks",
    "CREATE INDEX ledger_postings_account ON ledger_postings (account)",
    NOT_THE_OWNERS.format(verb="GRANT UPDATE, DELETE", to="TO"),
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
