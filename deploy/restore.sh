#!/bin/bash
# deploy/restore.sh FOLDER [postgres]: put back all three databases that deploy/backup.sh copied.
# All three or none: a service that knows more than a restored scheduler would skip what comes next.
set -euo pipefail
folder=${1:?usage: deploy/restore.sh FOLDER [postgres]} kind=${2:-sqlite}
compose=${COMPOSE:-docker compose}
services=(scheduler notifier calendar_feed)
for service in "${services[@]}"; do
  file=$folder/$service.$([[ $kind == postgres ]] && echo dump || echo db)
  [[ -s $file ]] || { echo "$file is missing or empty; nothing was changed" >&2; exit 1; }
done

trap 'echo "not restored; the services stay stopped until all three are: run it again" >&2' ERR
$compose stop "${services[@]}"
for service in "${services[@]}"; do
  if [[ $kind == postgres ]]; then
    $compose exec -T postgres sh -c \
      'exec pg_restore --clean --if-exists --single-transaction \
        --dbname="$(sed s/@postgres/@127.0.0.1/ "/run/secrets/$1_database_url")"' \
      sh "$service" <"$folder/$service.dump"
  else
    $compose run --rm --no-deps -T --entrypoint sh "$service" -c \
      'cat >/data/restored.db && rm -f "/data/$0.db-"* && mv /data/restored.db "/data/$0.db"' \
      "$service" <"$folder/$service.db"
  fi
done
$compose start "${services[@]}"
