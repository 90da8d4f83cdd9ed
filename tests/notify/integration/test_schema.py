"""What the database itself guarantees."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from notify.schema import Base


def own_tables(thing, name, kind, reflected, compared_to):
    return kind != "table" or name in Base.metadata.tables


async def test_migration_and_tables_agree(notify):
    def compare(connection):
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": own_tables}
        )
        return compare_metadata(context, Base.metadata)

    async with notify.database.engine.connect() as connection:
        assert await connection.run_sync(compare) == []
