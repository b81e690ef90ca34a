# Sourced by the start scripts: how the variables of a service become configuration. POSIX sh, as in busybox.

problems=
line_break='
'

problem() {
  problems="$problems$line_break  - $1"
}

# Ends the start with every problem at once.
refuse_problems() {
  [ -n "$problems" ] || return 0
  echo "Not started, because of the service's variables:$problems" >&2
  echo "docs/railway.md says what each of them is for." >&2
  exit 1
}

# value NAME: what the variable holds
value() {
  eval "printf '%s' \"\${$1:-}\""
}

# together NAME...: variables of which all are set, or none
together() {
  there=
  missing=
  for name in "$@"; do
    if [ -n "$(value "$name")" ]; then there="$there${there:+ and }$name"; else missing="$missing${missing:+ and }$name"; fi
  done
  [ -z "$there" ] || [ -z "$missing" ] || problem "$there is set without $missing: set all of them, or none"
}

# one_line NAME...: variables that become part of a line
one_line() {
  for name in "$@"; do
    case "$(value "$name")" in *"$line_break"*) problem "$name holds a line break" ;; esac
  done
}

# The variables that switch on basic authentication for everything that the service serves.
check_web() {
  together WEB_USERNAME WEB_PASSWORD_HASH "$@"
  one_line WEB_USERNAME WEB_PASSWORD_HASH
  case "${WEB_PASSWORD_HASH:-}" in
    '' | \$2[aby]\$*) ;;
    *) problem 'WEB_PASSWORD_HASH is no bcrypt hash, which begins with $2b$ or $2y$: htpasswd -nbB prints NAME:HASH' ;;
  esac
}

# quoted TEXT: its inside of a single-quoted YAML scalar
quoted() {
  printf '%s' "$1" | sed "s/'/''/g"
}

# for_sed TEXT: taken literally by the right side of s|…|…|
for_sed() {
  printf '%s' "$1" | sed 's/[\\&|]/\\&/g'
}

# web_config FILE: writes it if a user is set
web_config() {
  [ -n "${WEB_USERNAME:-}" ] || return 0
  printf "basic_auth_users:\n  '%s': '%s'\n" "$(quoted "$WEB_USERNAME")" "$(quoted "$WEB_PASSWORD_HASH")" >"$1"
}

# credentials USERNAME PASSWORD FILE: a basic_auth block on one line, with the password in a file of its own
credentials() {
  [ -n "$1" ] || return 0
  printf '%s' "$2" >"$3"
  printf "basic_auth: {username: '%s', password_file: '%s'}" "$(quoted "$1")" "$(quoted "$3")"
}
