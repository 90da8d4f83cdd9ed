#!/usr/bin/env bash
# Makes .venv with the pinned uv in it, then lets uv bring it in step with uv.lock.
set -euo pipefail
cd "$(dirname "$0")/.."

uv_version=0.13.9

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found (Debian, Ubuntu: apt-get install python3 python3-venv)."
}

make_environment() {
    local python
    python=$(find_python)
    "$python" -c 'import ensurepip' 2>/dev/null ||
        fail "$python cannot make environments (Debian, Ubuntu: apt-get install python3-venv)."
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv .venv
}

[[ -x .venv/bin/python ]] || make_environment

if [[ $(.venv/bin/uv --version 2>/dev/null) != "uv $uv_version"* ]]; then
    echo "Installing uv $uv_version into .venv"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --root-user-action ignore "uv==$uv_version"
fi

echo "Bringing .venv in step with uv.lock"
UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync --frozen --quiet --compile-bytecode
tools/assets.sh
