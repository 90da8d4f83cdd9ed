#!/usr/bin/env bash
# Writes the secrets of this installation to .env, which compose reads. What is there already stays.
#   deploy/secrets.sh [FILE]
set -euo pipefail
umask 077
file=${1:-$(dirname "$0")/../.env}

key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
triple_des() { head -c 24 /dev/urandom | base64 | tr -d '\n'; }
keyring() { printf 'k1:%s' "$(key)"; }
password() { head -c 20 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
uuid() { password | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-4\3-8\4-\5/'; }
login() { printf 'Nobat-%s' "$(password | cut -c 1-12)"; }

touch "$file"
chmod 600 "$file"
while read -r name maker; do
    grep -q "^$name=" "$file" || printf '%s=%s\n' "$name" "$("$maker")" >>"$file"
done <<'SECRETS'
POSTGRES_PASSWORD password
IDENTITY_DATABASE_PASSWORD password
SALES_DATABASE_PASSWORD password
PAYMENT_DATABASE_PASSWORD password
NOTIFY_DATABASE_PASSWORD password
IDENTITY_OWNER_PASSWORD password
SALES_OWNER_PASSWORD password
PAYMENT_OWNER_PASSWORD password
NOTIFY_OWNER_PASSWORD password
IDENTITY_AMQP_PASSWORD password
SALES_AMQP_PASSWORD password
PAYMENT_AMQP_PASSWORD password
NOTIFY_AMQP_PASSWORD password
EVENT_KEYS keyring
INDEX_KEY keyring
IDENTITY_DATA_KEYS keyring
IDENTITY_CODE_KEY key
NOTIFY_DATA_KEYS keyring
SALES_DATA_KEYS keyring
PAYMENT_DATA_KEYS keyring
ZARINPAL_MERCHANT_ID uuid
ZARINPAL_REFUND_TOKEN password
ZIBAL_MERCHANT password
MELLAT_PASSWORD password
SADAD_TERMINAL_KEY triple_des
KAVENEGAR_API_KEY password
SMSIR_API_KEY password
GHASEDAK_API_KEY password
MELIPAYAMAK_PASSWORD password
IPPANEL_API_KEY password
FINNOTECH_CLIENT_SECRET password
JIBIT_API_KEY password
JIBIT_SECRET_KEY password
ZOHAL_TOKEN password
PORTAL_KEY password
PORTAL_SESSION_KEYS keyring
DEMO_PASSWORD login
SECRETS
