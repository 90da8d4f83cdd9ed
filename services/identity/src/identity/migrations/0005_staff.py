"""Staff, their invitations and dealerships."""

from alembic import op

revision = "identity_0005"
down_revision = "identity_0004"
branch_labels = None
depends_on = "chassis_0003"

UPGRADE = (
    "ALTER TABLE customers ADD dealership_id uuid",
    "CREATE INDEX ix_customers_staff ON customers (id) WHERE roles <> '{}'",
    """
    CREATE TABLE staff_invitations (
        id                  uuid        PRIMARY KEY,
        national_code_index text        NOT NULL,
        person              bytea       NOT NULL,
        roles               text[]      NOT NULL,
        dealership_id       uuid,
        invited_by          uuid        REFERENCES customers (id),
        invited_at          timestamptz NOT NULL,
        confirmed_by        uuid        REFERENCES customers (id),
        code_mac            text,
        tries               integer     NOT NULL CHECK (tries <= 5),
        expires_at          timestamptz NOT NULL,
        accepted_by         uuid        REFERENCES customers (id),
        accepted_at         timestamptz,
        withdrawn_at        timestamptz
    )
    """,
    "CREATE INDEX ix_staff_invitations_national_code_index ON staff_invitations (national_code_index)",
    """
    CREATE TABLE role_changes (
        id            uuid        PRIMARY KEY,
        member_id     uuid        NOT NULL REFERENCES customers (id),
        roles         text[]      NOT NULL,
        dealership_id uuid,
        proposed_by   uuid        NOT NULL REFERENCES customers (id),
        proposed_at   timestamptz NOT NULL,
        decided_by    uuid        REFERENCES customers (id),
        decided_at    timestamptz,
        decision      text
    )
    """,
    "CREATE INDEX ix_role_changes_member_id ON role_changes (member_id)",
)
DOWNGRADE = (
    "DROP TABLE role_changes",
    "DROP TABLE staff_invitations",
    "DROP INDEX ix_customers_staff",
    "ALTER TABLE customers DROP dealership_id",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
