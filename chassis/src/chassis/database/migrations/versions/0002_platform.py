"""Idempotency keys and the leases of jobs."""

from alembic import op

revision = "chassis_0002"
down_revision = "chassis_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE idempotency_keys (
            scope text NOT NULL,
            key text NOT NULL,
            fingerprint bytea NOT NULL,
            answer text,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (scope, key)
        )
        """
    )
    op.execute("CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)")
    op.execute(
        """
        CREATE TABLE job_leases (
            job text PRIMARY KEY,
            holder uuid NOT NULL,
            held_until timestamptz NOT NULL
        )
        """
    )
