#!/bin/bash
# deploy/backup.sh FOLDER [postgres]: copy the three databases into FOLDER while the services run.
# The scheduler comes last, so that no copy knows of an event that the scheduler's copy has not.
set -euo pipefail
umask 077
folder=${1:?usage: deploy/backup.sh FOLDER [postgres]} kind=${2:-sqlite}
compose=${COMPOSE:-docker compose}
mkdir -p "$folder"

for service in notifier calendar_feed scheduler; do
  if [[ $kind == postgres ]]; then
    $compose exec -T postgres sh -c \
      'exec pg_dump --format=custom "$(sed s/@postgres/@127.0.0.1/ "/run/secrets/$1_database_url")"' \
      sh "$service" >"$folder/$service.dump"
  else
    $compose exec -T "$service" rm -f /data/backup.db
    $compose exec -T "$service" python -m sqlite3 "/data/$service.db" "VACUUM INTO '/data/backup.db'" >/dev/null
    $compose exec -T "$service" cat /data/backup.db >"$folder/$service.db"
    $compose exec -T "$service" rm /data/backup.db
  fi
done
