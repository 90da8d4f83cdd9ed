"""What every use case of identity works with."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from chassis.clock import Clock
from chassis.service import provided
from identity.credentials.hashing import PasswordHashing
from identity.limits.domain import CodeRules, SecretRules
from identity.tokens.signer import TokenSigner
from identity.vault import Vault


@dataclass(frozen=True)
class Context:
    clock: Clock
    vault: Vault
    hashing: PasswordHashing
    signer: TokenSigner
    staff_totp_after: timedelta
    secret_rules: SecretRules
    code_rules: CodeRules


Ctx = Annotated[Context, provided(Context)]
