"""Plans, dealerships, customers, orders and contracts."""

from alembic import op

revision = "sales_0001"
down_revision = None
branch_labels = ("sales",)
depends_on = "chassis_0002"

TABLES = (
    """
    CREATE TABLE plans (
        id uuid PRIMARY KEY,
        circular text NOT NULL UNIQUE,
        title text NOT NULL,
        kind text NOT NULL,
        method text NOT NULL,
        stage text NOT NULL,
        opens_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL,
        pay_within interval NOT NULL,
        minimum_age integer NOT NULL,
        created_by uuid NOT NULL,
        version integer NOT NULL,
        CONSTRAINT plans_open_before_close CHECK (closes_at > opens_at)
    )
    """,
    "CREATE INDEX ix_plans_stage ON plans (stage)",
    """
    CREATE TABLE offerings (
        id uuid PRIMARY KEY,
        plan_id uuid NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
        position integer NOT NULL,
        model text NOT NULL,
        trim text NOT NULL,
        colours text[] NOT NULL,
        price bigint NOT NULL,
        prepayment bigint NOT NULL,
        delivery_from date,
        delivery_until date,
        capacity integer NOT NULL,
        sold integer NOT NULL,
        CONSTRAINT offerings_never_oversold CHECK (sold >= 0 AND sold <= capacity),
        CONSTRAINT offerings_prepayment CHECK (prepayment > 0 AND prepayment <= price)
    ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000)
    """,
    "CREATE INDEX ix_offerings_plan_id ON offerings (plan_id)",
    """
    CREATE TABLE dealerships (
        id uuid PRIMARY KEY,
        code text NOT NULL UNIQUE,
        name text NOT NULL,
        province text NOT NULL,
        city text NOT NULL,
        address text NOT NULL,
        phone text NOT NULL,
        hours text NOT NULL,
        latitude double precision,
        longitude double precision,
        search_key text NOT NULL,
        active boolean NOT NULL
    )
    """,
    "CREATE INDEX ix_dealerships_province ON dealerships (province)",
    """
    CREATE TABLE customers (
        id uuid PRIMARY KEY,
        national_code_index text NOT NULL,
        birth_date date NOT NULL,
        province text NOT NULL,
        mobile_verified boolean NOT NULL,
        version integer NOT NULL
    )
    """,
    "CREATE INDEX ix_customers_national_code_index ON customers (national_code_index)",
    """
    CREATE TABLE orders (
        id uuid PRIMARY KEY,
        request_number text NOT NULL UNIQUE,
        plan_id uuid NOT NULL,
        offering_id uuid NOT NULL,
        customer_id uuid NOT NULL,
        dealership_id uuid NOT NULL,
        title text NOT NULL,
        colour text,
        price bigint NOT NULL,
        prepayment bigint NOT NULL,
        state text NOT NULL,
        live boolean NOT NULL,
        version integer NOT NULL,
        placed_at timestamptz NOT NULL,
        pay_before timestamptz NOT NULL,
        timeline jsonb NOT NULL,
        idempotency_key text,
        fingerprint bytea NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX orders_one_live_per_plan ON orders (plan_id, customer_id) WHERE live",
    "CREATE UNIQUE INDEX orders_of_customer ON orders (customer_id, idempotency_key)",
    "CREATE INDEX orders_unpaid ON orders (pay_before) WHERE state = 'awaiting_payment'",
    """
    CREATE TABLE contracts (
        id uuid PRIMARY KEY,
        number text NOT NULL UNIQUE,
        order_id uuid NOT NULL UNIQUE,
        customer_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        terms jsonb NOT NULL,
        activated_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_contracts_customer_id ON contracts (customer_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
