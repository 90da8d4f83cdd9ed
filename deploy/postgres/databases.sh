#!/usr/bin/env bash
# Runs on an empty data folder, and again where it is older than the owners: a database for each service and two
# accounts that can reach no other. nobat_SERVICE reads and writes rows; its owner's account migrates.
set -euo pipefail

as() { psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$@"; }

for service in identity sales payment notify; do
    password="${service^^}_DATABASE_PASSWORD" owner_password="${service^^}_OWNER_PASSWORD"
    name="nobat_$service"
    as postgres --set name="$name" --set owner="${name}_owner" \
        --set password="${!password:?}" --set owner_password="${!owner_password:?}" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY[:'name', :'owner']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE :"name" PASSWORD :'password';
ALTER ROLE :"owner" PASSWORD :'owner_password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
    as "$name" --single-transaction --set name="$name" --set owner="${name}_owner" <<'SQL'
SELECT pg_get_userbyid(datdba) = :'name' AS handed_over FROM pg_database WHERE datname = :'name' \gset
\if :handed_over
REASSIGN OWNED BY :"name" TO :"owner";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"name";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"name";
\endif
GRANT CONNECT, TEMPORARY ON DATABASE :"name" TO :"name";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"name";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE, SELECT ON SEQUENCES TO :"name";
SQL
done
as postgres --command 'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC'
