"""A profile as the sealed columns of ``customers``, and back."""

from identity.customers.domain import Profile
from identity.customers.tables import Customer
from identity.vault import Vault


def sealed(profile: Profile, vault: Vault) -> dict[str, bytes]:
    values = profile.model_dump(mode="json")
    return {field: vault.seal(value, _place(field)) for field, value in values.items()}


def opened(customer: Customer, vault: Vault) -> Profile:
    columns = {field: getattr(customer, field) for field in Profile.model_fields}
    return Profile.model_validate(
        {field: vault.open(column, _place(field)) for field, column in columns.items()}
    )


def _place(field: str) -> str:
    return f"customers.{field}"
