#!/bin/sh
# Starts Prometheus with what the service's variables say. Every variable has a default but the secrets.
#
#   PUSHGATEWAY_TARGET     host:port, default pushgateway.railway.internal:9091
#   PUSHGATEWAY_SCHEME     default http (private network)
#   PUSHGATEWAY_USERNAME, PUSHGATEWAY_PASSWORD
#   APPLICATION_TARGET     default relay-production-f2a6.up.railway.app, APPLICATION_SCHEME default https
#   ALERTMANAGER_TARGET    default alertmanager.railway.internal:9093
#   WEB_USERNAME           with WEB_PASSWORD_HASH (bcrypt) switches on basic auth for everything,
#                          and WEB_PASSWORD lets Prometheus scrape itself
#   WEB_LIFECYCLE          "on" allows POST /-/reload (delivery "directory" only; baked rules need no reload)
#   RETENTION              default 90d
#   PORT                   default 9090
set -eu
umask 077

here=${PROMETHEUS_HOME:-/etc/prometheus}
run=${PROMETHEUS_RUN:-/tmp/prometheus}
data=${PROMETHEUS_DATA:-${RAILWAY_VOLUME_MOUNT_PATH:-/prometheus}}
rules=${PROMETHEUS_RULES:-$here/rules/*.yml}
port=${PORT:-9090}
mkdir -p "$run"

# credentials USERNAME PASSWORD FILE: a basic_auth block on one line, with the password in a file of its own.
credentials() {
  [ -n "$1" ] || return 0
  printf '%s' "$2" >"$3"
  printf 'basic_auth: {username: "%s", password_file: "%s"}' "$1" "$3"
}

pushgateway_auth=$(credentials "${PUSHGATEWAY_USERNAME:-}" "${PUSHGATEWAY_PASSWORD:-}" "$run/pushgateway-password")
own_auth=$(credentials "${WEB_USERNAME:-}" "${WEB_PASSWORD:-}" "$run/own-password")

sed -e "s|@RULES@|$rules|" \
  -e "s|@ALERTMANAGER_TARGET@|${ALERTMANAGER_TARGET:-alertmanager.railway.internal:9093}|" \
  -e "s|@PUSHGATEWAY_TARGET@|${PUSHGATEWAY_TARGET:-pushgateway.railway.internal:9091}|" \
  -e "s|@PUSHGATEWAY_SCHEME@|${PUSHGATEWAY_SCHEME:-http}|" \
  -e "s|#@PUSHGATEWAY_AUTH@|$pushgateway_auth|" \
  -e "s|@APPLICATION_TARGET@|${APPLICATION_TARGET:-relay-production-f2a6.up.railway.app}|" \
  -e "s|@APPLICATION_SCHEME@|${APPLICATION_SCHEME:-https}|" \
  -e "s|#@PROMETHEUS_AUTH@|$own_auth|" \
  -e "s|@PORT@|$port|" \
  "$here/prometheus.yml" >"$run/prometheus.yml"

web=
if [ -n "${WEB_USERNAME:-}" ]; then
  : "${WEB_PASSWORD_HASH:?WEB_USERNAME is set, and WEB_PASSWORD_HASH (bcrypt) is not. See docs/railway.md.}"
  printf 'basic_auth_users:\n  "%s": "%s"\n' "$WEB_USERNAME" "$WEB_PASSWORD_HASH" >"$run/web.yml"
  web=--web.config.file=$run/web.yml
fi
lifecycle=
[ "${WEB_LIFECYCLE:-off}" = on ] && lifecycle=--web.enable-lifecycle

if [ -n "${PROMETHEUS_CHECK_ONLY:-}" ]; then
  "${PROMTOOL:-promtool}" check config "$run/prometheus.yml"
  [ -z "$web" ] || "${PROMTOOL:-promtool}" check web-config "$run/web.yml"
  exit 0
fi

# [::] listens on IPv6 as well: Railway's older private networks have nothing else.
# shellcheck disable=SC2086
exec "${PROMETHEUS:-prometheus}" \
  --config.file="$run/prometheus.yml" \
  --storage.tsdb.path="$data" \
  --storage.tsdb.retention.time="${RETENTION:-90d}" \
  --web.listen-address="${LISTEN:-[::]}:$port" \
  $web $lifecycle "$@"
