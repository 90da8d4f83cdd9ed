"""The tables of changing keys: the chassis has them, so nothing is left to do here."""

revision = "identity_0006"
down_revision = "identity_0005"
branch_labels = None
depends_on = "chassis_0004"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
