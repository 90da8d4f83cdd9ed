"""The migrations and the declared tables agree."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

import sales.app  # declares every table
from sales.schema import Base


async def test_the_migrated_database_is_the_declared_one(sales_database):
    def differences(connection):
        own = Base.metadata.tables.keys()
        options = {"include_name": lambda name, kind, _: kind != "table" or name in own}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)

    engine = create_async_engine(sales_database)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert sales.app.ROUTERS
    assert found == []
