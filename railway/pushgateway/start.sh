#!/bin/sh
# Starts the Pushgateway with what the service's variables say.
#
#   WEB_USERNAME      with WEB_PASSWORD_HASH (bcrypt) switches on basic auth for pushing and scraping
#   PORT              default 9091
#
# What was pushed is kept on the volume, every minute: Railway ends a service at once unless it is told to wait
# (RAILWAY_DEPLOYMENT_DRAINING_SECONDS), and a deployment that runs must not be forgotten by a restart.
set -eu
umask 077

run=${PUSHGATEWAY_RUN:-/tmp/pushgateway}
data=${PUSHGATEWAY_DATA:-${RAILWAY_VOLUME_MOUNT_PATH:-/pushgateway}}
port=${PORT:-9091}
mkdir -p "$run" "$data"

web=
if [ -n "${WEB_USERNAME:-}" ]; then
  : "${WEB_PASSWORD_HASH:?WEB_USERNAME is set, and WEB_PASSWORD_HASH (bcrypt) is not. See docs/railway.md.}"
  printf 'basic_auth_users:\n  "%s": "%s"\n' "$WEB_USERNAME" "$WEB_PASSWORD_HASH" >"$run/web.yml"
  web=--web.config.file=$run/web.yml
fi

# shellcheck disable=SC2086
exec "${PUSHGATEWAY:-pushgateway}" \
  --persistence.file="$data/pushgateway.data" \
  --persistence.interval=1m \
  --web.listen-address="${LISTEN:-}:$port" \
  $web "$@"
