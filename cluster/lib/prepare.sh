# shellcheck shell=bash
# What every script needs before it can start: system packages, and the built programs.

# The root of the source tree.
HELIO_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export HELIO_ROOT

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $1"
  if [ -n "${2:-}" ]; then say "$2"; fi
  exit 1
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = ii ]
}

# ensure_packages NAME…: installs the Debian packages that are missing, and says so.
ensure_packages() {
  local missing=() name root=()
  command -v dpkg-query >/dev/null || {
    say "note: this is no Debian; make sure that these are installed: $*"
    return 0
  }
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  if [ "${#missing[@]}" -eq 0 ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null \
      || fail "missing packages: ${missing[*]}" "Install them as root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing Debian packages that are missing: ${missing[*]}"
  local options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=300)
  # The lists may be old, or not there at all on a new machine.
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" \
    "${missing[@]}" >&2
}

# What Swift itself needs on a bare machine, and what Heliotrope is built on.
BUILD_PACKAGES=(
  binutils ca-certificates g++ git libc6-dev libcurl4-openssl-dev libedit2 libgcc-12-dev
  libncurses6 libsqlite3-dev libssl-dev
  libstdc++-12-dev libxml2-dev libz3-dev pkg-config tzdata zlib1g-dev
)
# What the scripts run on.
# shellcheck disable=SC2034  # used by the scripts that read this file
SCRIPT_PACKAGES=(openssl procps python3 python3-venv tzdata)
# What cluster/chaos needs beyond that: namespaces, packet filters, a clock that can be moved.
# shellcheck disable=SC2034  # used by the scripts that read this file
CHAOS_PACKAGES=(faketime iproute2 nftables util-linux)

# The interpreter of the scripts: the system's, whatever else is in PATH.
# shellcheck disable=SC2034  # used by the scripts that read this file
PYTHON=/usr/bin/python3
export PYTHON

need_swift() {
  command -v swift >/dev/null && return 0
  local place
  for place in /opt/swift/usr/bin /usr/local/swift/usr/bin "$HOME/.local/share/swiftly/bin"; do
    if [ -x "$place/swift" ]; then
      export PATH="$place:$PATH"
      return 0
    fi
  done
  fail "there is no Swift toolchain in PATH" \
    "Install Swift 6.3 for Debian 12 from swift.org and put its usr/bin into PATH."
}

# python_environment DIR REQUIREMENTS: packages from PyPI in an environment of their own; made
# anew where the list has changed. Fails where PyPI cannot be reached.
python_environment() {
  local directory="$1" list="$2"
  if cmp -s "$list" "$directory/made-of.txt"; then return 0; fi
  say "installing Python packages into ${directory#"$HELIO_ROOT"/}: $(tr '\n' ' ' <"$list")"
  "$PYTHON" -m venv --clear "$directory" \
    && "$directory/bin/pip" install --quiet --disable-pip-version-check --requirement "$list" >&2 \
    && cp "$list" "$directory/made-of.txt"
}

# build_helio release|debug: builds the node and sets HELIO_BIN; a HELIO_BIN that is set already
# is used as it is.
build_helio() {
  local configuration="$1"
  if [ -n "${HELIO_BIN:-}" ]; then
    [ -x "$HELIO_BIN" ] || fail "HELIO_BIN=$HELIO_BIN is no program" "Unset it, or build first."
    export HELIO_BIN
    return 0
  fi
  ensure_packages "${BUILD_PACKAGES[@]}"
  need_swift
  say "building helio ($configuration); the first time takes some minutes"
  local start=$SECONDS
  (cd "$HELIO_ROOT" && swift build -c "$configuration" --product helio >&2) \
    || fail "the build failed" "The compiler's message is above."
  HELIO_BIN="$(cd "$HELIO_ROOT" && swift build -c "$configuration" --show-bin-path)/helio"
  export HELIO_BIN
  say "built in $((SECONDS - start)) s: $HELIO_BIN"
}
