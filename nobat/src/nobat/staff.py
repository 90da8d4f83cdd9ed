"""``nobat staff``: who works here, and the first two admins of a system."""

import asyncio
from typing import Annotated

import typer

from nobat.home import find_home

app = typer.Typer(no_args_is_help=True, help="The staff, until two admins look after it.")

NationalCode = Annotated[str, typer.Option(prompt=True, help="Asked for when it is not given.")]
Mobile = Annotated[str, typer.Option(prompt=True)]
FirstName = Annotated[str, typer.Option(prompt=True)]
LastName = Annotated[str, typer.Option(prompt=True)]


@app.command()
def invite(national_code: NationalCode, mobile: Mobile, first_name: FirstName, last_name: LastName) -> None:
    """Invite one of the first two admins: a code goes to the mobile. Two admins invite others together."""
    from nobat.first_admin import Office, invitee_of  # noqa: PLC0415 - loads identity
    from nobat.keyrings import KeyPlaces  # noqa: PLC0415 - loads every service

    invitee = invitee_of(national_code, mobile, first_name, last_name)
    invited = asyncio.run(Office(KeyPlaces(find_home())).invite(invitee))
    until = invited.expires_at.isoformat(timespec="seconds")
    typer.echo(f"invitation {invited.id}, good until {until}")
    typer.echo(f"the code comes by SMS; accept at POST /api/v1/staff-invitations/{invited.id}")


@app.command("list")
def list_() -> None:
    """One line for each member of the staff, without personal data."""
    from nobat.first_admin import Office  # noqa: PLC0415 - loads identity
    from nobat.keyrings import KeyPlaces  # noqa: PLC0415 - loads every service

    for member in asyncio.run(Office(KeyPlaces(find_home())).members()):
        since = member.appointed_at.isoformat(timespec="seconds") if member.appointed_at else "-"
        typer.echo(f"{member.id}  {since}  {','.join(member.roles)}  {member.dealership_id or '-'}")
