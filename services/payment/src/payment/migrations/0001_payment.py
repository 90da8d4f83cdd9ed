"""Bills, payments, returns and the ledger."""

from alembic import op

revision = "payment_0001"
down_revision = None
branch_labels = ("payment",)
depends_on = "chassis_0002"

BILLS = (
    "CREATE SEQUENCE bill_file_codes MINVALUE 1 MAXVALUE 99999999 CYCLE",
    """
    CREATE TABLE billed_orders (
        order_id  uuid PRIMARY KEY,
        lapsed_at timestamptz
    )
    """,
    """
    CREATE TABLE bills (
        id              uuid        PRIMARY KEY,
        order_id        uuid        NOT NULL,
        customer_id     uuid        NOT NULL,
        purpose         varchar(20) NOT NULL,
        amount          bigint      NOT NULL,
        paid            bigint      NOT NULL,
        state           varchar(20) NOT NULL,
        due_at          timestamptz NOT NULL,
        issued_at       timestamptz NOT NULL,
        bank_bill_id    text,
        bank_payment_id text,
        version         integer     NOT NULL,
        CONSTRAINT bills_order_purpose UNIQUE (order_id, purpose),
        CONSTRAINT bills_bank_pair UNIQUE (bank_bill_id, bank_payment_id),
        CONSTRAINT bills_amount CHECK (amount > 0),
        CONSTRAINT bills_paid CHECK (paid BETWEEN 0 AND amount)
    )
    """,
)

PAYMENTS = (
    """
    CREATE TABLE payments (
        id              uuid        PRIMARY KEY,
        bill_id         uuid        NOT NULL REFERENCES bills,
        customer_id     uuid        NOT NULL,
        provider        text        NOT NULL,
        amount          bigint      NOT NULL,
        state           varchar(20) NOT NULL,
        state_since     timestamptz NOT NULL,
        started_at      timestamptz NOT NULL,
        settled_at      timestamptz,
        authority       text,
        redirect_url    text,
        session_ends_at timestamptz,
        received        bigint,
        reference       text,
        card            text,
        next_ask_at     timestamptz,
        lease_token     uuid,
        leased_until    timestamptz,
        version         integer     NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX payments_one_live ON payments (bill_id)"
    " WHERE state IN ('started', 'at_bank', 'unknown')",
    "CREATE UNIQUE INDEX payments_authority ON payments (provider, authority)",
    "CREATE INDEX payments_bill ON payments (bill_id)",
    "CREATE INDEX payments_due ON payments (next_ask_at) WHERE state IN ('started', 'at_bank', 'unknown')",
    """
    CREATE TABLE bank_references (
        provider   text NOT NULL,
        reference  text NOT NULL,
        payment_id uuid NOT NULL REFERENCES payments,
        PRIMARY KEY (provider, reference)
    )
    """,
    """
    CREATE TABLE received_callbacks (
        payment_id uuid        NOT NULL REFERENCES payments,
        digest     bytea       NOT NULL,
        fields     jsonb       NOT NULL,
        times      integer     NOT NULL,
        first_at   timestamptz NOT NULL,
        last_at    timestamptz NOT NULL,
        PRIMARY KEY (payment_id, digest)
    )
    """,
    """
    CREATE TABLE owed_returns (
        payment_id  uuid        PRIMARY KEY REFERENCES payments,
        reason      text        NOT NULL,
        owed_since  timestamptz NOT NULL,
        tries       integer     NOT NULL,
        next_try_at timestamptz NOT NULL,
        done_at     timestamptz
    )
    """,
    "CREATE INDEX owed_returns_due ON owed_returns (next_try_at) WHERE done_at IS NULL",
)

LEDGER = (
    """
    CREATE TABLE ledger_entries (
        id          uuid        PRIMARY KEY,
        kind        varchar(20) NOT NULL,
        payment_id  uuid        NOT NULL,
        occurred_at timestamptz NOT NULL,
        CONSTRAINT ledger_entries_once UNIQUE (payment_id, kind)
    )
    """,
    """
    CREATE TABLE ledger_postings (
        entry_id uuid   NOT NULL REFERENCES ledger_entries,
        account  text   NOT NULL,
        order_id uuid   NOT NULL,
        amount   bigint NOT NULL,
        PRIMARY KEY (entry_id, account)
    )
    """,
    "CREATE INDEX ledger_postings_order ON ledger_postings (order_id)",
    "CREATE INDEX ledger_postings_account ON ledger_postings (account)",
    """
    CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        entry uuid := CASE TG_TABLE_NAME WHEN 'ledger_entries' THEN to_jsonb(NEW) ->> 'id'
                                         ELSE to_jsonb(NEW) ->> 'entry_id' END;
        total numeric;
    BEGIN
        SELECT sum(amount) INTO total FROM ledger_postings WHERE entry_id = entry;
        IF total IS DISTINCT FROM 0 THEN
            RAISE EXCEPTION 'ledger entry % sums to %', entry, total USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances()
    """,
    """
    CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON ledger_postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances()
    """,
    """
    CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    """
    CREATE TRIGGER ledger_postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
)


def upgrade() -> None:
    for statement in (*BILLS, *PAYMENTS, *LEDGER):
        op.execute(statement)
