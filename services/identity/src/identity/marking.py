"""What idempotency compares instead of a request that holds secrets or personal data."""

from pydantic import BaseModel

from identity.vault import Vault


class Mark(BaseModel):
    """Differs when the meaning of the request differs."""

    digest: str


def mark_of(vault: Vault, request: BaseModel) -> Mark:
    return Mark(digest=vault.index_of_request(request.model_dump_json()))
