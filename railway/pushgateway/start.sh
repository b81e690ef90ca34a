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
. "$(dirname "$0")/../common.sh"

check_web
refuse_problems

run=${PUSHGATEWAY_RUN:-/tmp/pushgateway}
data=${PUSHGATEWAY_DATA:-${RAILWAY_VOLUME_MOUNT_PATH:-/pushgateway}}
mkdir -p "$run" "$data"

web_config "$run/web.yml"
[ -z "${WEB_USERNAME:-}" ] || set -- --web.config.file="$run/web.yml" "$@"

exec "${PUSHGATEWAY:-pushgateway}" \
  --persistence.file="$data/pushgateway.data" \
  --persistence.interval=1m \
  --web.listen-address="${LISTEN:-}:${PORT:-9091}" \
  "$@"
