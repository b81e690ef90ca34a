#!/bin/sh
# Starts the Pushgateway with what the service's variables say.
#
#   WEB_USERNAME      with WEB_PASSWORD_HASH (bcrypt) switches on basic auth for pushing and scraping
#   PORT              default 9091
#
# What was pushed is kept on the volume, every half minute (writing 833 deployments takes 0.4 s of a core, so 1.4 %): Railway ends a service at once unless it is told to wait
# (RAILWAY_DEPLOYMENT_DRAINING_SECONDS), and a deployment that runs must not be forgotten by a restart.
#
# Pushes are not checked against everything that the gateway holds: with 833 deployments that takes half a second of a
# core for each push, and without it 0.3 ms. In exchange one push that gives a metric another type than the others
# fails the whole scrape: push with record.mjs, which always says the type; "npm run doctor" finds the group.
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
  --push.disable-consistency-check \
  --persistence.file="$data/pushgateway.data" \
  --persistence.interval=30s \
  --web.listen-address="${LISTEN:-}:${PORT:-9091}" \
  "$@"
