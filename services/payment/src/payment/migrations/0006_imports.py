"""What banks and providers say happened."""

from alembic import op

revision = "payment_0006"
down_revision = "payment_0005"
branch_labels = None
depends_on = "chassis_0006"

UPGRADE = (
    """
    CREATE TABLE differences (
        id          uuid        PRIMARY KEY,
        source      varchar(20) NOT NULL,
        reason      varchar(20) NOT NULL,
        key         text        NOT NULL,
        institution text        NOT NULL,
        day         date        NOT NULL,
        reference   text,
        payment_id  uuid,
        bill_id     uuid,
        theirs      bigint,
        ours        bigint,
        found_at    timestamptz NOT NULL,
        owner       uuid,
        taken_at    timestamptz,
        closed_at   timestamptz,
        note        bytea,
        CONSTRAINT differences_once UNIQUE (source, key, reason)
    )
    """,
    "CREATE INDEX differences_open ON differences (source, id) WHERE closed_at IS NULL",
    "CREATE INDEX differences_day ON differences (day)",
    """
    CREATE TABLE bank_deposits (
        id              uuid        PRIMARY KEY,
        import_id       uuid        NOT NULL,
        line            integer     NOT NULL,
        bank            text        NOT NULL,
        reference       text        NOT NULL,
        bank_bill_id    text        NOT NULL,
        bank_payment_id text        NOT NULL,
        amount          bigint      NOT NULL,
        paid_on         date        NOT NULL,
        outcome         varchar(20) NOT NULL,
        bill_id         uuid,
        taken_at        timestamptz NOT NULL,
        CONSTRAINT bank_deposits_once UNIQUE (bank, reference)
    )
    """,
    "CREATE INDEX bank_deposits_import ON bank_deposits (import_id, line)",
    """
    CREATE TABLE people (
        customer_id         uuid    PRIMARY KEY,
        national_code_index text    NOT NULL,
        index_generation    integer NOT NULL
    )
    """,
    "CREATE INDEX people_national_code ON people (national_code_index)",
    """
    CREATE TABLE blocked_lists (
        id        uuid        PRIMARY KEY,
        bank      text        NOT NULL,
        plan_id   uuid        NOT NULL,
        least     bigint      NOT NULL,
        complete  boolean     NOT NULL,
        begun_at  timestamptz NOT NULL,
        closed_at timestamptz,
        matched   integer     NOT NULL,
        differing integer     NOT NULL,
        released  integer     NOT NULL
    )
    """,
    "CREATE INDEX blocked_lists_open ON blocked_lists (id) WHERE closed_at IS NULL",
    """
    CREATE TABLE blocked_deposits (
        plan_id     uuid    NOT NULL,
        bank        text    NOT NULL,
        customer_id uuid    NOT NULL,
        amount      bigint  NOT NULL,
        blocked_on  date    NOT NULL,
        live        boolean NOT NULL,
        version     integer NOT NULL,
        list_id     uuid    NOT NULL,
        PRIMARY KEY (plan_id, customer_id, bank)
    )
    """,
    """
    CREATE TABLE blocked_differences (
        list_id     uuid        NOT NULL REFERENCES blocked_lists,
        id          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
        line        integer,
        reason      varchar(20) NOT NULL,
        customer_id uuid,
        amount      bigint      NOT NULL,
        PRIMARY KEY (list_id, id)
    )
    """,
    """
    CREATE TABLE reconciliations (
        id          uuid        PRIMARY KEY,
        provider    text        NOT NULL,
        day         date        NOT NULL,
        method      varchar(20) NOT NULL,
        import_id   uuid,
        looked_at   integer     NOT NULL,
        differing   integer     NOT NULL,
        last_at     timestamptz,
        last_id     uuid,
        begun_at    timestamptz NOT NULL,
        done_at     timestamptz
    )
    """,
    "CREATE INDEX payments_day ON payments (provider, started_at, id)",
    "CREATE UNIQUE INDEX reconciliations_once ON reconciliations (provider, day) WHERE import_id IS NULL",
    "CREATE UNIQUE INDEX reconciliations_of_file ON reconciliations (import_id)",
    """
    CREATE TABLE settlement_rows (
        import_id uuid    NOT NULL,
        line      integer NOT NULL,
        provider  text    NOT NULL,
        day       date    NOT NULL,
        authority text,
        reference text,
        amount    bigint  NOT NULL,
        returned  boolean NOT NULL,
        PRIMARY KEY (import_id, line)
    )
    """,
    "CREATE INDEX settlement_rows_day ON settlement_rows (provider, day)",
)
DOWNGRADE = (
    "DROP INDEX payments_day",
    "DROP TABLE settlement_rows, reconciliations",
    "DROP TABLE blocked_differences, blocked_deposits, blocked_lists, people",
    "DROP TABLE bank_deposits, differences",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
