#!/usr/bin/env bash
# Installs the programs that the tests run for real, where they are missing: Debian and Ubuntu only.
set -euo pipefail

# program:package, one a line
tools=(
  redis-server:redis-server
  chromium:chromium
)

packages=()
for tool in "${tools[@]}"; do
  command -v "${tool%%:*}" >/dev/null || packages+=("${tool#*:}")
done
[ "${#packages[@]}" -gt 0 ] || exit 0

fail() {
  echo "The tests need ${packages[*]}: $1. Install it and run this again." >&2
  exit 1
}

command -v apt-get >/dev/null || fail 'there is no apt-get here to install it with'
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail 'installing it takes root, and there is no sudo'
  sudo -n true 2>/dev/null || fail 'installing it takes root, and sudo asks for a password'
  as_root=(sudo -n)
fi

# Tests start their own servers on free ports; the packages must not start one as well (101 = forbidden by policy).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

"${as_root[@]}" apt-get update || fail 'apt-get update did not work'
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${packages[@]}" ||
  fail 'apt-get install did not work'
