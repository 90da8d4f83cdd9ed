"""Which provider a message goes through, and who calls when it does not arrive."""

from alembic import op

revision = "notify_0012"
down_revision = "notify_0011"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE sms_providers (
        name         text   PRIMARY KEY,
        credit_floor bigint NOT NULL CHECK (credit_floor >= 0),
        credit       bigint,
        credit_at    timestamptz
    )
    """,
    """
    INSERT INTO sms_providers (name, credit_floor) VALUES
        ('kavenegar', 50000000), ('ghasedak', 20000000), ('smsir', 10000), ('ippanel', 20000000),
        ('melipayamak', 10000)
    """,
    """
    CREATE TABLE sms_routes (
        route    text    NOT NULL CHECK (route IN ('code', 'transactional', 'bulk', 'voice')),
        position integer NOT NULL,
        provider text    NOT NULL REFERENCES sms_providers (name),
        PRIMARY KEY (route, position),
        CONSTRAINT sms_routes_once UNIQUE (route, provider)
    )
    """,
    """
    INSERT INTO sms_routes (route, position, provider)
    SELECT route, ordinality - 1, provider
    FROM (VALUES
        ('code', ARRAY['kavenegar', 'ghasedak', 'smsir', 'ippanel', 'melipayamak']),
        ('transactional', ARRAY['kavenegar', 'ghasedak', 'smsir', 'ippanel', 'melipayamak']),
        ('bulk', ARRAY['kavenegar', 'ghasedak', 'smsir', 'ippanel', 'melipayamak']),
        ('voice', ARRAY['kavenegar', 'ippanel', 'ghasedak'])
    ) AS orders (route, providers), unnest(providers) WITH ORDINALITY AS listed (provider, ordinality)
    """,
    """
    ALTER TABLE messages
        ADD COLUMN handed_to text[],
        ADD COLUMN voice_at timestamptz,
        ADD COLUMN voiced_at timestamptz,
        ADD COLUMN voice_provider text,
        ADD COLUMN voice_message_id text
    """,
    "UPDATE messages SET handed_to = '{kavenegar}' WHERE attempts > 0 AND next_attempt_at IS NOT NULL",
    "CREATE INDEX messages_voice ON messages (voice_at) WHERE voice_at IS NOT NULL",
    """
    CREATE INDEX messages_at_provider ON messages (provider, provider_message_id)
        WHERE next_status_at IS NOT NULL
    """,
)
DOWNGRADE = (
    "DROP INDEX messages_at_provider, messages_voice",
    """
    ALTER TABLE messages
        DROP COLUMN handed_to,
        DROP COLUMN voice_at,
        DROP COLUMN voiced_at,
        DROP COLUMN voice_provider,
        DROP COLUMN voice_message_id
    """,
    "DROP TABLE sms_routes, sms_providers",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
