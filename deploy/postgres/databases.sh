#!/bin/bash
# Run once, by a new and empty PostgreSQL: one database for each service, and one role that owns it
# and may enter no other. The password is the one in the address that the service itself reads.
# The built-in locale sorts the same in every release of the operating system: no index goes stale.
set -euo pipefail

for service in scheduler notifier calendar_feed; do
  address=$(<"/run/secrets/${service}_database_url")
  password=${address#"postgresql://${service}:"}
  export SERVICE_PASSWORD=${password%%@*}
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set role="$service" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password SERVICE_PASSWORD
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role" TEMPLATE template0
  ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
