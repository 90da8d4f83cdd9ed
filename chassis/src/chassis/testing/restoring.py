"""A service's database as its migrations left it, again before each test."""

import asyncpg

RESTORE = "SELECT as_migrated.restore()"
"""Brings every row back as it was when ``make_restorable`` ran, past foreign keys and triggers."""

KEEP = """
CREATE SCHEMA as_migrated;
DO $keep$
DECLARE
    kept record;
    steps text := '';
    filled bigint;
BEGIN
    FOR kept IN
        SELECT relname AS name, string_agg(quote_ident(attname), ', ') AS columns
        FROM pg_class JOIN pg_attribute
            ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        GROUP BY relname
    LOOP
        EXECUTE format('CREATE TABLE as_migrated.%1$I AS SELECT %2$s FROM %1$I', kept.name, kept.columns);
        GET DIAGNOSTICS filled = ROW_COUNT;
        steps := steps || format('DELETE FROM %I;', kept.name);
        IF filled > 0 THEN
            steps := steps || format(
                'INSERT INTO %1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM as_migrated.%1$I;',
                kept.name, kept.columns
            );
        END IF;
    END LOOP;
    EXECUTE format(
        'CREATE FUNCTION as_migrated.restore() RETURNS void LANGUAGE plpgsql'
        ' SET session_replication_role = replica AS %L',
        'BEGIN ' || steps || ' END'
    );
END
$keep$
"""


async def make_restorable(url: str) -> None:
    """Lets ``RESTORE`` bring the database back to what it is now; ``url`` is a superuser's address."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(KEEP)
    await connection.close()
