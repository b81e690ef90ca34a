#!/bin/sh
# Starts Alertmanager with what the service's variables say.
#
#   PAGERDUTY_ROUTING_KEY, SLACK_OPS_WEBHOOK_URL, SLACK_TICKETS_WEBHOOK_URL, SLACK_LOG_WEBHOOK_URL
#                      who hears of what; written into files that only Alertmanager reads
#   WEB_USERNAME       with WEB_PASSWORD_HASH (bcrypt) switches on basic auth for everything;
#                      Prometheus then needs ALERTMANAGER_USERNAME and ALERTMANAGER_PASSWORD
#   EXTERNAL_URL       its address as people reach it, for links in notifications
#   PORT               default 9093
#
# A receiver without its secret is named at start and fails when it is used: silence would look like health.
set -eu
umask 077
. "$(dirname "$0")/../common.sh"

check_web
refuse_problems
[ -z "${EXTERNAL_URL:-}" ] || [ -n "${WEB_USERNAME:-}" ] ||
  echo 'EXTERNAL_URL is set and WEB_USERNAME is not: whoever reaches that address can silence every alert.' >&2

config=${ALERTMANAGER_CONFIG:-/etc/alertmanager/alertmanager.yml}
secrets=${ALERTMANAGER_SECRETS:-/etc/alertmanager/secrets}
run=${ALERTMANAGER_RUN:-/tmp/alertmanager}
data=${ALERTMANAGER_DATA:-${RAILWAY_VOLUME_MOUNT_PATH:-/alertmanager}}
mkdir -p "$secrets" "$run" "$data"

# secret FILE VARIABLE
secret() {
  [ -n "$(value "$2")" ] || echo "$2 is not set: alerts for it cannot be delivered." >&2
  value "$2" >"$secrets/$1"
}
secret pagerduty-routing-key PAGERDUTY_ROUTING_KEY
secret slack-ops-url SLACK_OPS_WEBHOOK_URL
secret slack-tickets-url SLACK_TICKETS_WEBHOOK_URL
secret slack-log-url SLACK_LOG_WEBHOOK_URL

web_config "$run/web.yml"
[ -z "${WEB_USERNAME:-}" ] || set -- --web.config.file="$run/web.yml" "$@"
[ -z "${EXTERNAL_URL:-}" ] || set -- --web.external-url="$EXTERNAL_URL" "$@"

# One Alertmanager alone: no cluster to gossip with.
exec "${ALERTMANAGER:-alertmanager}" \
  --config.file="$config" \
  --storage.path="$data" \
  --cluster.listen-address= \
  --web.listen-address="${LISTEN:-}:${PORT:-9093}" \
  "$@"
