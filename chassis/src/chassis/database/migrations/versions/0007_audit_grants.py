"""The service's own account may add to the audit trail and read it, and change nothing of it."""

from alembic import op

revision = "chassis_0007"
down_revision = "chassis_0006"
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
            WHERE oid IN ('audit_entries'::regclass, 'audit_links'::regclass)
              AND held.grantee NOT IN (0, relowner)
        LOOP
            EXECUTE format('{verb} ON audit_entries, audit_links {to} %I', account);
        END LOOP;
    END
    $$
"""
"""For every account but the owner, who migrates. The triggers that refuse a change stay for who is more."""
UPGRADE = (
    "REVOKE ALL ON audit_entries, audit_links FROM PUBLIC",
    NOT_THE_OWNERS.format(verb="REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER", to="FROM"),
)
DOWNGRADE = (NOT_THE_OWNERS.format(verb="GRANT UPDATE, DELETE", to="TO"),)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
