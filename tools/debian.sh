#!/usr/bin/env bash
# tools/debian.sh PACKAGE: sees to it that a program is there that no Python package brings. The tests start
# servers of their own: no system service is needed, so none is started.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
package=$1
log=$(mktemp)

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_installed() {
    case $package in
    rabbitmq-server) [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server || -x /opt/rabbitmq/sbin/rabbitmq-server ]] ;;
    *) command -v "$package" >/dev/null ;;
    esac
}

forbid_service_starts() {
    [[ -e $policy ]] && return
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy" "$log"' EXIT
}

install_package() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq -y install --no-install-recommends "$package"
}

trap 'rm -f "$log"' EXIT
is_installed && exit 0
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    fail "$package is needed (Debian, Ubuntu: sudo apt-get install $package)."
fi

echo "Installing $package"
forbid_service_starts
install_package >"$log" 2>&1 || fail "apt-get could not install $package:" "$(tail -n 15 "$log")"
is_installed || fail "The package $package holds no program where it was expected."
