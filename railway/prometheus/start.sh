#!/bin/sh
# Starts Prometheus with what the service's variables say. Every variable has a default but the secrets.
#
#   PUSHGATEWAY_TARGET     host:port, default pushgateway.railway.internal:9091
#   PUSHGATEWAY_SCHEME     default http (private network)
#   PUSHGATEWAY_USERNAME, PUSHGATEWAY_PASSWORD
#   REMOTE_WRITE           "on" takes events by remote write, and scrapes no Pushgateway; needs WEB_USERNAME
#   APPLICATION_TARGET, APPLICATION_SCHEME   default as in the pipeline file; without a target it is not scraped
#   ALERTMANAGER_TARGET    default alertmanager.railway.internal:9093, ALERTMANAGER_SCHEME default http
#   ALERTMANAGER_USERNAME, ALERTMANAGER_PASSWORD
#   WEB_USERNAME           with WEB_PASSWORD_HASH (bcrypt) switches on basic auth for everything,
#                          and WEB_PASSWORD lets Prometheus scrape itself
#   WEB_LIFECYCLE          "on" allows POST /-/reload (delivery "directory" only; baked rules need no reload)
#   RETENTION              default 90d
#   PORT                   default 9090
set -eu
umask 077
here=$(dirname "$0")
. "$here/../common.sh"

PORT=${PORT:-9090}
RULES=${PROMETHEUS_RULES:-/etc/prometheus/rules/*.yml}
PUSHGATEWAY_TARGET=${PUSHGATEWAY_TARGET:-pushgateway.railway.internal:9091}
PUSHGATEWAY_SCHEME=${PUSHGATEWAY_SCHEME:-http}
. "${PROMETHEUS_APPLICATION:-/etc/prometheus/application.sh}"
APPLICATION_TARGET=${APPLICATION_TARGET:-$application_target}
APPLICATION_SCHEME=${APPLICATION_SCHEME:-$application_scheme}
ALERTMANAGER_TARGET=${ALERTMANAGER_TARGET:-alertmanager.railway.internal:9093}
ALERTMANAGER_SCHEME=${ALERTMANAGER_SCHEME:-http}
filled_in='PORT RULES PUSHGATEWAY_TARGET PUSHGATEWAY_SCHEME ALERTMANAGER_TARGET ALERTMANAGER_SCHEME'

check_web WEB_PASSWORD
together PUSHGATEWAY_USERNAME PUSHGATEWAY_PASSWORD
together ALERTMANAGER_USERNAME ALERTMANAGER_PASSWORD
# shellcheck disable=SC2086
one_line $filled_in APPLICATION_TARGET APPLICATION_SCHEME PUSHGATEWAY_USERNAME ALERTMANAGER_USERNAME
[ -z "$APPLICATION_TARGET" ] || [ -n "$application_job" ] ||
  problem 'APPLICATION_TARGET is set, and the pipeline file has no application: add it there and build'
[ "${REMOTE_WRITE:-off}" != on ] || [ -n "${WEB_USERNAME:-}" ] ||
  problem 'REMOTE_WRITE is on without WEB_USERNAME: anybody could write into this Prometheus'
refuse_problems

run=${PROMETHEUS_RUN:-/tmp/prometheus}
data=${PROMETHEUS_DATA:-${RAILWAY_VOLUME_MOUNT_PATH:-/prometheus}}
mkdir -p "$run"

pushgateway_auth=$(credentials "${PUSHGATEWAY_USERNAME:-}" "${PUSHGATEWAY_PASSWORD:-}" "$run/pushgateway-password")
alertmanager_auth=$(credentials "${ALERTMANAGER_USERNAME:-}" "${ALERTMANAGER_PASSWORD:-}" "$run/alertmanager-password")
application=
[ -z "$APPLICATION_TARGET" ] ||
  application="- {job_name: '$(quoted "$application_job")', scheme: '$(quoted "$APPLICATION_SCHEME")', static_configs: [{targets: ['$(quoted "$APPLICATION_TARGET")']}]}"
# A machine whose clock is ahead may write up to ten minutes into the future; what others write until then is out of order.
storage=
[ "${REMOTE_WRITE:-off}" != on ] || storage='storage: {tsdb: {out_of_order_time_window: 30m}}'
own_auth=$(credentials "${WEB_USERNAME:-}" "${WEB_PASSWORD:-}" "$run/own-password")

edits=
[ "${REMOTE_WRITE:-off}" != on ] || edits="/- job_name: pushgateway/,/@PUSHGATEWAY_TARGET@/d$line_break"
for name in $filled_in; do
  edits="${edits}s|@$name@|$(for_sed "$(quoted "$(value "$name")")")|$line_break"
done
sed -e "$edits" \
  -e "s|#@PUSHGATEWAY_AUTH@|$(for_sed "$pushgateway_auth")|" \
  -e "s|#@ALERTMANAGER_AUTH@|$(for_sed "$alertmanager_auth")|" \
  -e "s|#@PROMETHEUS_AUTH@|$(for_sed "$own_auth")|" \
  -e "s|#@STORAGE@|$(for_sed "$storage")|" \
  -e "s|#@APPLICATION@|$(for_sed "$application")|" \
  "$here/prometheus.yml" >"$run/prometheus.yml"
web_config "$run/web.yml"

if [ -n "${PROMETHEUS_CHECK_ONLY:-}" ]; then
  "${PROMTOOL:-promtool}" check config "$run/prometheus.yml"
  [ -z "${WEB_USERNAME:-}" ] || "${PROMTOOL:-promtool}" check web-config "$run/web.yml"
  exit 0
fi

[ -z "${WEB_USERNAME:-}" ] || set -- --web.config.file="$run/web.yml" "$@"
[ "${REMOTE_WRITE:-off}" != on ] || set -- --web.enable-remote-write-receiver "$@"
[ "${WEB_LIFECYCLE:-off}" != on ] || set -- --web.enable-lifecycle "$@"

# [::] listens on IPv6 as well: Railway's older private networks have nothing else.
exec "${PROMETHEUS:-prometheus}" \
  --config.file="$run/prometheus.yml" \
  --storage.tsdb.path="$data" \
  --storage.tsdb.retention.time="${RETENTION:-90d}" \
  --web.listen-address="${LISTEN:-[::]}:$PORT" \
  "$@"
