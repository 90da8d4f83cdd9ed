"""Whose tries a code's count with, changes that wait for approval, changes of the mobile, password resets."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None

SINCE = "2026-01-01T00:00:00Z"
POLICIES = (
    ("education", "free", 0, ""),
    ("occupation", "free", 0, ""),
    ("email", "free", 0, ""),
    ("address", "free", 0, ""),
    ("first_name", "approval", 2, "civil_registry"),
    ("last_name", "approval", 2, "civil_registry"),
    ("father_name", "approval", 2, ""),
    ("birth_date", "approval", 2, "civil_registry,iban_owner"),
    ("gender", "approval", 2, ""),
    ("birth_certificate_number", "approval", 2, ""),
    ("iban", "approval", 1, "iban_owner"),
)
"""Field, how it changes, how many of the staff approve it, what is asked of providers afterwards."""
_INSERT = sa.text(
    "INSERT INTO field_policies (field, valid_from, handling, approvals, inquiries)"
    " VALUES (:field, CAST(:since AS timestamptz), :handling, :approvals,"
    " string_to_array(:inquiries, ','))"
)


UPGRADE = (
    "ALTER TABLE challenges ADD COLUMN person text NOT NULL DEFAULT '', ADD COLUMN address text",
    """
    CREATE TABLE field_policies (
        field      text        NOT NULL,
        valid_from timestamptz NOT NULL,
        handling   text        NOT NULL CHECK (handling IN ('free', 'approval', 'locked')),
        approvals  integer     NOT NULL CHECK ((approvals > 0) = (handling = 'approval')),
        inquiries  text[]      NOT NULL,
        PRIMARY KEY (field, valid_from)
    )
    """,
    """
    CREATE TABLE profile_changes (
        id               uuid        PRIMARY KEY,
        customer_id      uuid        NOT NULL REFERENCES customers (id),
        field            text        NOT NULL,
        value            bytea       NOT NULL,
        asked_at         timestamptz NOT NULL,
        approvals_needed integer     NOT NULL CHECK (approvals_needed > 0),
        state            text        NOT NULL
                         CHECK (state IN ('pending', 'approved', 'refused', 'withdrawn')),
        decided_at       timestamptz,
        reason           bytea,
        CHECK ((state = 'pending') = (decided_at IS NULL)),
        CHECK ((state = 'refused') = (reason IS NOT NULL))
    )
    """,
    "CREATE INDEX profile_changes_customer ON profile_changes (customer_id, id)",
    "CREATE UNIQUE INDEX profile_changes_live ON profile_changes (customer_id, field)"
    " WHERE state = 'pending'",
    "CREATE INDEX profile_changes_queue ON profile_changes (id) WHERE state = 'pending'",
    """
    CREATE TABLE change_approvals (
        change_id   uuid        NOT NULL REFERENCES profile_changes (id),
        staff_id    uuid        NOT NULL,
        approved_at timestamptz NOT NULL,
        PRIMARY KEY (change_id, staff_id)
    )
    """,
    """
    CREATE TABLE mobile_changes (
        challenge_id uuid        PRIMARY KEY REFERENCES challenges (id) ON DELETE CASCADE,
        customer_id  uuid        NOT NULL REFERENCES customers (id),
        mobile       bytea       NOT NULL,
        asked_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX mobile_changes_customer ON mobile_changes (customer_id)",
    """
    CREATE TABLE password_resets (
        id                  uuid        PRIMARY KEY,
        national_code_index text        NOT NULL,
        customer_id         uuid        REFERENCES customers (id),
        mobile              bytea       NOT NULL,
        challenge_id        uuid        NOT NULL REFERENCES challenges (id),
        code_sent_at        timestamptz NOT NULL,
        expires_at          timestamptz NOT NULL,
        ended_at            timestamptz
    )
    """,
    "CREATE INDEX password_resets_customer ON password_resets (customer_id) WHERE ended_at IS NULL",
    "CREATE INDEX password_resets_challenge ON password_resets (challenge_id)",
    "CREATE INDEX password_resets_expires_at ON password_resets (expires_at)",
)
DOWNGRADE = (
    "DROP TABLE password_resets",
    "DROP TABLE mobile_changes",
    "DROP TABLE change_approvals",
    "DROP TABLE profile_changes",
    "DROP TABLE field_policies",
    "ALTER TABLE challenges DROP COLUMN address, DROP COLUMN person",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)
    for field, handling, approvals, inquiries in POLICIES:
        policy = {"field": field, "handling": handling, "approvals": approvals, "inquiries": inquiries}
        op.execute(_INSERT.bindparams(since=SINCE, **policy))


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
