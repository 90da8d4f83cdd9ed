"""The local broker's tables and every statement on them. Times are the database's."""

from sqlalchemy import ARRAY, BigInteger, Float, LargeBinary, Text, Uuid, bindparam, text

from chassis.database import UtcDateTime

CREATION_LOCK = 7_031_927

LOCK_CREATION = text(f"SELECT pg_advisory_xact_lock({CREATION_LOCK})")

CREATE = (
    text("CREATE SCHEMA IF NOT EXISTS broker"),
    text(
        """
        CREATE TABLE IF NOT EXISTS broker.binding (
            routing_key text NOT NULL,
            queue       text NOT NULL,
            PRIMARY KEY (routing_key, queue)
        )
        """
    ),
    text(
        """
        CREATE TABLE IF NOT EXISTS broker.message (
            id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            queue        text        NOT NULL,
            message_id   uuid        NOT NULL,
            name         text        NOT NULL,
            body         bytea       NOT NULL,
            available_at timestamptz NOT NULL DEFAULT now(),
            attempt      integer     NOT NULL DEFAULT 1,
            redeliveries integer     NOT NULL DEFAULT 0,
            redrives     integer     NOT NULL DEFAULT 0,
            lease_token  uuid,
            leased_until timestamptz,
            expires_at   timestamptz,
            died_at      timestamptz,
            error        text
        ) WITH (
            fillfactor = 60,
            autovacuum_vacuum_scale_factor = 0,
            autovacuum_vacuum_threshold = 2000,
            autovacuum_vacuum_cost_delay = 0
        )
        """
    ),
    text(
        "CREATE INDEX IF NOT EXISTS message_waiting ON broker.message (queue, available_at, id)"
        " WHERE died_at IS NULL"
    ),
    text(
        "CREATE INDEX IF NOT EXISTS message_dead ON broker.message (queue, died_at) WHERE died_at IS NOT NULL"
    ),
)

BIND = text(
    """
    INSERT INTO broker.binding (routing_key, queue)
    SELECT routing_key, :queue FROM unnest(:routing_keys) AS wanted (routing_key)
    ON CONFLICT DO NOTHING
    """
).bindparams(bindparam("routing_keys", type_=ARRAY(Text)))

PUBLISH = text(
    """
    INSERT INTO broker.message (queue, message_id, name, body, expires_at)
    SELECT binding.queue, sent.id, sent.name, sent.body, sent.expires_at
    FROM unnest(:ids, :names, :bodies, :expiries) AS sent (id, name, body, expires_at)
    JOIN broker.binding ON binding.routing_key = sent.name
    RETURNING queue, message_id
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("names", type_=ARRAY(Text)),
    bindparam("bodies", type_=ARRAY(LargeBinary)),
    bindparam("expiries", type_=ARRAY(UtcDateTime)),
)

TAKE = text(
    """
    WITH due AS MATERIALIZED (
        SELECT id FROM broker.message
        WHERE queue = :queue AND died_at IS NULL AND available_at <= now()
          AND (leased_until IS NULL OR leased_until < now())
          AND (expires_at IS NULL OR expires_at > now())
        ORDER BY available_at, id
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE broker.message
    SET redeliveries = redeliveries + (lease_token IS NOT NULL)::integer,
        lease_token = :token, leased_until = now() + make_interval(secs => :seconds)
    FROM due WHERE message.id = due.id
    RETURNING message.id, message_id, name, body, expires_at, attempt, redeliveries, redrives
    """
).bindparams(bindparam("token", type_=Uuid), bindparam("seconds", type_=Float))

EXPIRE = text("DELETE FROM broker.message WHERE queue = :queue AND died_at IS NULL AND expires_at <= now()")

ACKNOWLEDGE = text(
    """
    DELETE FROM broker.message USING unnest(:ids, :tokens) AS done (id, token)
    WHERE message.id = done.id AND message.lease_token = done.token
    """
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("tokens", type_=ARRAY(Uuid)))

RETRY = text(
    """
    UPDATE broker.message
    SET lease_token = NULL, leased_until = NULL, attempt = attempt + 1, redeliveries = 0, error = :error,
        available_at = now() + make_interval(secs => :delay)
    WHERE id = :id AND lease_token = :token
    """
).bindparams(bindparam("token", type_=Uuid), bindparam("delay", type_=Float))

BURY = text(
    """
    UPDATE broker.message
    SET lease_token = NULL, leased_until = NULL, error = :error, died_at = now()
    WHERE id = :id AND lease_token = :token
    """
).bindparams(bindparam("token", type_=Uuid))

LET_GO = text(
    """
    UPDATE broker.message SET leased_until = NULL
    FROM unnest(:ids, :tokens) AS held (id, token)
    WHERE message.id = held.id AND message.lease_token = held.token
    """
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("tokens", type_=ARRAY(Uuid)))

DEAD = text(
    """
    SELECT message_id, name, body, expires_at, attempt, redrives, error, died_at
    FROM broker.message
    WHERE queue = :queue AND died_at IS NOT NULL
    ORDER BY died_at, id
    LIMIT :limit
    """
)

REDRIVE = text(
    """
    UPDATE broker.message
    SET died_at = NULL, available_at = now(), attempt = 1, redeliveries = 0, redrives = chosen.redrives
    FROM unnest(:ids, :redrives) AS chosen (message_id, redrives)
    WHERE message.queue = :queue AND message.died_at IS NOT NULL AND message.message_id = chosen.message_id
    RETURNING message.message_id
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("redrives", type_=ARRAY(BigInteger)))
