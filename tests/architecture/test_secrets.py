"""The repository holds no secrets: they come from the environment."""

import re
import subprocess

import pytest

SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of 32 bytes": re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}=(?!=)"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"://[\w.-]+:[^@\s{}$/\"'<>]{3,}@"),
    "a private JWK": re.compile(r"\"d\": ?\"[\w-]{43}\""),
    "a cloud credential": re.compile(r"\b(AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[abp]-[\w-]{20,})\b"),
}
ALLOWED: dict[tuple[str, str], str] = {}
"""(file, kind) pairs that look like a secret, and why they are none."""
NEVER_TRACKED = re.compile(r"(^|/)(\.env(\..*)?|id_(rsa|ed25519)|.*\.(pem|key|p12|pfx|jks|sqlite3?|dump))$")


@pytest.fixture(scope="module")
def tracked(root) -> dict[str, str]:
    """The text of every file that is under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True)
    files = [root / name for name in listed.stdout.split("\0") if name]
    return {
        file.relative_to(root).as_posix(): file.read_text(encoding="utf-8", errors="ignore")
        for file in files
        if file.is_file()
    }


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_under_version_control(tracked, kind):
    found = [
        name for name, text in tracked.items() if SECRETS[kind].search(text) and (name, kind) not in ALLOWED
    ]
    assert found == []


def test_no_file_is_under_version_control_that_usually_holds_secrets(tracked):
    assert tracked
    assert [name for name in tracked if NEVER_TRACKED.search(name)] == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a private key", "-----BEGIN " + "PRIVATE KEY-----"),
        ("a key of 32 bytes", "key=" + "A" * 43 + "="),
        ("a signed token", "eyJ" + ".".join(["a" * 12] * 3)),
        ("a password in an address", "amqp://sales:" + "hunter2@mq"),
        ("a private JWK", '"d": "' + "A" * 43 + '"'),
        ("a cloud credential", "AKIA" + "A" * 16),
    ],
)
def test_the_scanner_knows_a_secret_when_it_sees_one(kind, text):
    assert SECRETS[kind].search(text)
