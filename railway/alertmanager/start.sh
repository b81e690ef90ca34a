#!/bin/sh
# Starts Alertmanager with what the service's variables say.
#
#   PAGERDUTY_ROUTING_KEY, SLACK_OPS_WEBHOOK_URL, SLACK_TICKETS_WEBHOOK_URL, SLACK_LOG_WEBHOOK_URL
#                      who hears of what; written into files that only Alertmanager reads
#   EXTERNAL_URL       its address as people reach it, for links in notifications
#   PORT               default 9093
#
# A receiver without its secret is named at start and fails when it is used: silence would look like health.
set -eu
umask 077

config=${ALERTMANAGER_CONFIG:-/etc/alertmanager/alertmanager.yml}
secrets=${ALERTMANAGER_SECRETS:-/etc/alertmanager/secrets}
data=${ALERTMANAGER_DATA:-${RAILWAY_VOLUME_MOUNT_PATH:-/alertmanager}}
mkdir -p "$secrets" "$data"

# secret FILE VALUE VARIABLE
secret() {
  [ -n "$2" ] || echo "$3 is not set: alerts for it cannot be delivered." >&2
  printf '%s' "$2" >"$secrets/$1"
}
secret pagerduty-routing-key "${PAGERDUTY_ROUTING_KEY:-}" PAGERDUTY_ROUTING_KEY
secret slack-ops-url "${SLACK_OPS_WEBHOOK_URL:-}" SLACK_OPS_WEBHOOK_URL
secret slack-tickets-url "${SLACK_TICKETS_WEBHOOK_URL:-}" SLACK_TICKETS_WEBHOOK_URL
secret slack-log-url "${SLACK_LOG_WEBHOOK_URL:-}" SLACK_LOG_WEBHOOK_URL

# One Alertmanager alone: no cluster to gossip with.
# shellcheck disable=SC2086
exec "${ALERTMANAGER:-alertmanager}" \
  --config.file="$config" \
  --storage.path="$data" \
  --cluster.listen-address= \
  --web.listen-address="${LISTEN:-}:${PORT:-9093}" \
  ${EXTERNAL_URL:+--web.external-url=$EXTERNAL_URL} "$@"
