"""Cars allocated to contracts, and what is owed for delay."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "sales_0009"
down_revision = "sales_0008"
branch_labels = None
depends_on = "chassis_0005"

UPGRADE = (
    """
    CREATE TABLE cars (
        id                uuid PRIMARY KEY,
        vin               text NOT NULL,
        order_id          uuid NOT NULL,
        allocated_on      date NOT NULL,
        invoice_number    text,
        invoiced_on       date,
        plate             text,
        plated_on         date,
        sent_to_dealer_on date,
        ready_on          date,
        delivered_on      date,
        import_id         uuid,
        released_at       timestamptz
    )
    """,
    "CREATE UNIQUE INDEX cars_vin ON cars (vin) WHERE released_at IS NULL",
    "CREATE UNIQUE INDEX cars_order ON cars (order_id) WHERE released_at IS NULL",
    "CREATE UNIQUE INDEX cars_invoice_number ON cars (invoice_number) WHERE released_at IS NULL",
    "CREATE UNIQUE INDEX cars_plate ON cars (plate) WHERE released_at IS NULL",
    """
    CREATE TABLE penalty_rates (
        id             uuid        PRIMARY KEY,
        kind           text        NOT NULL,
        valid_from     date        NOT NULL,
        version        integer     NOT NULL,
        monthly        integer     NOT NULL,
        yearly_deposit integer     NOT NULL,
        divisor        integer     NOT NULL,
        source         text        NOT NULL,
        created_by     uuid,
        created_at     timestamptz NOT NULL,
        CONSTRAINT penalty_rates_versions UNIQUE (kind, valid_from, version),
        CONSTRAINT penalty_rates_sensible CHECK (monthly >= 0 AND yearly_deposit >= 0 AND divisor > 0)
    )
    """,
    """
    CREATE TABLE delay_penalties (
        order_id     uuid        PRIMARY KEY,
        refund_id    uuid        NOT NULL UNIQUE,
        kind         text        NOT NULL,
        due_on       date        NOT NULL,
        delivered_on date        NOT NULL,
        amount       bigint      NOT NULL,
        lines        jsonb       NOT NULL,
        credited_at  timestamptz NOT NULL
    )
    """,
)

BYLAW = "آیین‌نامه اجرایی قانون حمایت از حقوق مصرف‌کنندگان خودرو، اصلاحیه ۱۳۹۵/۰۲/۱۴"
DEPOSIT = "؛ نرخ سود سپرده به تشخیص مالی بازبینی شود"
IN_1395, IN_1401 = date(2016, 5, 3), date(2023, 1, 31)
RATES = (
    ("immediate", IN_1395, 250, 0, BYLAW),
    ("custom_limited", IN_1395, 300, 0, BYLAW),
    ("definite_pre_sale", IN_1395, 100, 1500, BYLAW + DEPOSIT),
    ("ordinary_pre_sale", IN_1395, 100, 1500, BYLAW + DEPOSIT),
    ("participation", IN_1395, 100, 1500, BYLAW + DEPOSIT),
    ("definite_pre_sale", IN_1401, 100, 2050, BYLAW + DEPOSIT),
    ("ordinary_pre_sale", IN_1401, 100, 2050, BYLAW + DEPOSIT),
    ("participation", IN_1401, 100, 2250, BYLAW + DEPOSIT),
)
"""Kind, first day, monthly rate and yearly profit of the deposit in basis points, source.

The bylaw fixes the monthly part; the deposits of one and three years are what the banks paid at most then,
for the finance department to confirm or to replace by a new version.
"""

_INSERT = sa.text(
    "INSERT INTO penalty_rates"
    " (id, kind, valid_from, version, monthly, yearly_deposit, divisor, source, created_at)"
    " VALUES (:id, :kind, :valid_from, 1, :monthly, :yearly_deposit, 30, :source, now())"
).bindparams(sa.bindparam("id", type_=sa.Uuid), sa.bindparam("valid_from", type_=sa.Date))


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)
    for number, (kind, valid_from, monthly, yearly_deposit, source) in enumerate(RATES, 1):
        values = {"kind": kind, "valid_from": valid_from, "monthly": monthly}
        rest = {"id": UUID(int=number), "yearly_deposit": yearly_deposit, "source": source}
        op.execute(_INSERT.bindparams(**values, **rest))


def downgrade() -> None:
    for table in ("delay_penalties", "penalty_rates", "cars"):
        op.execute(f"DROP TABLE {table}")
