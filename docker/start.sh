#!/bin/sh
# The first start of a container founds a cluster or joins one; every start then runs the command.
#
#   HELIO_FOUND          name of the cluster to found (first node only)
#   HELIO_JOIN_FILE      file that holds a join token; it is waited for (other nodes)
#   HELIO_OFFICE, HELIO_ZONE, HELIO_LANGUAGES   of the office (first node only)
#   HELIO_NODE           name of the node
#   HELIO_ADDRESS        host under which peers and agents reach this node
#   HELIO_ROOT_PASSPHRASE or HELIO_ROOT_PASSPHRASE_FILE   seals the root key (first node only)
set -eu

data="${HELIO_DATA:-/var/lib/heliotrope}"
address="${HELIO_ADDRESS:-$(hostname)}"

listen() {
  printf '%s\n' --peer-listen 0.0.0.0:7440 --peer-address "$address:7440" \
    --api-listen 0.0.0.0:7480 --api-name "$address" --api-name localhost
}

if [ "${1:-serve}" = serve ] && [ ! -e "$data/node.toml" ]; then
  # Options hold no spaces, so one per line becomes one word each.
  IFS='
'
  if [ -n "${HELIO_FOUND:-}" ]; then
    if [ -n "${HELIO_ROOT_PASSPHRASE_FILE:-}" ]; then
      # shellcheck disable=SC2046
      helio init --cluster "$HELIO_FOUND" --office "$HELIO_OFFICE" --zone "$HELIO_ZONE" \
        --languages "${HELIO_LANGUAGES:-en}" --node "${HELIO_NODE:-$HELIO_OFFICE-1}" \
        --root-passphrase-file "$HELIO_ROOT_PASSPHRASE_FILE" $(listen) --data "$data"
    else
      # shellcheck disable=SC2046
      helio init --cluster "$HELIO_FOUND" --office "$HELIO_OFFICE" --zone "$HELIO_ZONE" \
        --languages "${HELIO_LANGUAGES:-en}" --node "${HELIO_NODE:-$HELIO_OFFICE-1}" \
        $(listen) --data "$data"
    fi
  elif [ -n "${HELIO_JOIN_FILE:-}" ]; then
    waited=0
    while [ ! -s "$HELIO_JOIN_FILE" ]; do
      if [ "$waited" -ge 600 ]; then
        echo "error: no token came to $HELIO_JOIN_FILE in 10 minutes" >&2
        exit 1
      fi
      [ $((waited % 30)) -ne 0 ] || echo "waiting for a join token in $HELIO_JOIN_FILE" >&2
      sleep 2
      waited=$((waited + 2))
    done
    # shellcheck disable=SC2046
    helio join - --node "${HELIO_NODE:-$(hostname)}" $(listen) --data "$data" \
      <"$HELIO_JOIN_FILE"
  else
    echo "error: $data holds no node; set HELIO_FOUND or HELIO_JOIN_FILE" >&2
    exit 1
  fi
  unset IFS
fi

case "${1:-serve}" in
  serve)
    [ "$#" -eq 0 ] || shift
    exec helio serve --data "$data" "$@"
    ;;
  *) exec helio "$@" ;;
esac
