"""Complaints, announcements and frequent questions, working hours, quotas."""

from alembic import op

revision = "sales_0008"
down_revision = "sales_0007"
branch_labels = None
depends_on = "chassis_0004"

UPGRADE = (
    """
    CREATE TABLE quota_uses (
        name      text        PRIMARY KEY,
        used      integer     NOT NULL,
        renews_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_quota_uses_renews_at ON quota_uses (renews_at)",
    """
    CREATE TABLE complaint_rules (
        valid_from     date      PRIMARY KEY,
        answer_days    integer   NOT NULL CHECK (answer_days > 0),
        warnings       integer[] NOT NULL,
        reopen_days    integer   NOT NULL CHECK (reopen_days >= 0),
        decision_days  integer   NOT NULL CHECK (decision_days > 0),
        execution_days integer   NOT NULL CHECK (execution_days > 0)
    )
    """,
    "INSERT INTO complaint_rules VALUES ('2016-04-10', 30, '{10,20,27}', 30, 20, 10)",
    """
    CREATE TABLE complaint_topics (
        code        text    PRIMARY KEY,
        title       text    NOT NULL,
        sections    text[]  NOT NULL,
        to_province boolean NOT NULL,
        active      boolean NOT NULL,
        position    integer NOT NULL
    )
    """,
    """
    INSERT INTO complaint_topics (code, title, sections, to_province, active, position) VALUES
        ('cancellation',          'انصراف',             '{sales,dealership}',             false, true, 1),
        ('delay_damages',         'خسارت دیرکرد',       '{sales,dealership}',             false, true, 2),
        ('repair',                'تعمیر',              '{after_sales,dealership}',       false, true, 3),
        ('parts',                 'قطعات',              '{after_sales,dealership}',       false, true, 4),
        ('warranty',              'گارانتی',            '{after_sales,dealership}',       false, true, 5),
        ('price',                 'قیمت',               '{sales,dealership}',             true,  true, 6),
        ('invitation_not_issued', 'صادر نشدن دعوتنامه', '{sales,dealership}',             true,  true, 7),
        ('refusal_to_supply',     'امتناع از عرضه',     '{sales,dealership}',             true,  true, 8),
        ('other',                 'موضوع دیگر',         '{sales,after_sales,dealership}', false, true, 9)
    """,
    """
    CREATE TABLE complaints (
        id            uuid        PRIMARY KEY,
        number        text        NOT NULL UNIQUE,
        customer_id   uuid        NOT NULL,
        order_id      uuid,
        dealership_id uuid,
        section       text        NOT NULL,
        topic         text        NOT NULL,
        subject       bytea       NOT NULL,
        state         text        NOT NULL,
        version       integer     NOT NULL,
        timeline      jsonb       NOT NULL,
        assigned_to   uuid,
        filed_at      timestamptz NOT NULL,
        rules_from    date        NOT NULL,
        counted_from  timestamptz NOT NULL,
        due_at        timestamptz NOT NULL,
        warned        integer     NOT NULL,
        warn_at       timestamptz,
        resolved_at   timestamptz,
        reopened      boolean     NOT NULL,
        registered_on date,
        decision_due  date,
        decided_on    date,
        execution_due date
    )
    """,
    "CREATE INDEX complaints_of_customer ON complaints (customer_id, id)",
    "CREATE INDEX complaints_to_warn_of ON complaints (warn_at) WHERE warn_at IS NOT NULL",
    "CREATE INDEX complaints_unresolved ON complaints (due_at) WHERE state <> 'resolved'",
    """
    CREATE TABLE complaint_messages (
        id           uuid        PRIMARY KEY,
        complaint_id uuid        NOT NULL,
        author       text        NOT NULL CHECK (author IN ('customer', 'care')),
        author_id    uuid        NOT NULL,
        at           timestamptz NOT NULL,
        text         bytea       NOT NULL
    )
    """,
    "CREATE INDEX complaint_messages_of_complaint ON complaint_messages (complaint_id, id)",
    """
    CREATE TABLE complaint_attachments (
        id           uuid        PRIMARY KEY,
        complaint_id uuid        NOT NULL,
        at           timestamptz NOT NULL,
        media_type   text        NOT NULL,
        size         integer     NOT NULL,
        width        integer     NOT NULL,
        height       integer     NOT NULL,
        file_key     bytea       NOT NULL
    )
    """,
    "CREATE INDEX complaint_attachments_of_complaint ON complaint_attachments (complaint_id, at)",
    "ALTER TABLE dealerships ADD COLUMN weekly_hours jsonb NOT NULL DEFAULT '{}'",
    """
    CREATE TABLE office_hours (
        valid_from   date  PRIMARY KEY,
        phone        text  NOT NULL,
        weekly_hours jsonb NOT NULL
    )
    """,
    """
    INSERT INTO office_hours VALUES ('2016-03-20', '02142724', '{
        "saturday":  [{"opens": "08:00", "closes": "16:30"}],
        "sunday":    [{"opens": "08:00", "closes": "16:30"}],
        "monday":    [{"opens": "08:00", "closes": "16:30"}],
        "tuesday":   [{"opens": "08:00", "closes": "16:30"}],
        "wednesday": [{"opens": "08:00", "closes": "16:30"}]
    }')
    """,
    """
    CREATE TABLE articles (
        id            uuid        PRIMARY KEY,
        kind          text        NOT NULL CHECK (kind IN ('announcement', 'question')),
        category      text        NOT NULL,
        title         text        NOT NULL,
        body          text        NOT NULL,
        pinned        boolean     NOT NULL,
        position      integer     NOT NULL,
        published     boolean     NOT NULL,
        visible_from  timestamptz,
        visible_until timestamptz,
        search_key    text        NOT NULL,
        version       integer     NOT NULL,
        updated_at    timestamptz NOT NULL,
        CONSTRAINT articles_visible CHECK (visible_until > visible_from)
    )
    """,
    "CREATE INDEX articles_public ON articles (kind, pinned, position, id) WHERE published",
)
TABLES = (
    "articles",
    "office_hours",
    "complaint_attachments",
    "complaint_messages",
    "complaints",
    "complaint_topics",
    "complaint_rules",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in (*TABLES, "quota_uses"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE dealerships DROP COLUMN weekly_hours")
