#!/usr/bin/env bash
# Sees to it that RabbitMQ's programs are there. The tests start nodes of their own: no system service is needed,
# so none is started.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
log=$(mktemp)

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_installed() {
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server || -x /opt/rabbitmq/sbin/rabbitmq-server ]]
}

forbid_service_starts() {
    [[ -e $policy ]] && return
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy" "$log"' EXIT
}

install_package() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq -y install --no-install-recommends rabbitmq-server
}

trap 'rm -f "$log"' EXIT
is_installed && exit 0
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    fail "RabbitMQ 3.10 or newer is needed (Debian, Ubuntu: sudo apt-get install rabbitmq-server)."
fi

echo "Installing rabbitmq-server"
forbid_service_starts
install_package >"$log" 2>&1 || fail "apt-get could not install rabbitmq-server:" "$(tail -n 15 "$log")"
service rabbitmq-server stop >/dev/null 2>&1 || true
is_installed || fail "The package rabbitmq-server holds no server where it was expected."
