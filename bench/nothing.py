"""A service that does nothing but check the token: what the gateway is measured against."""

import sys
from pathlib import Path

import uvloop
from fastapi import APIRouter

from chassis.auth import CurrentUser, JwksKeys, TokenVerifier
from chassis.database import Database
from chassis.http import new_client
from chassis.server import serve, stop_on_signals
from chassis.service import Service, create_api

router = APIRouter()


@router.get("/messages")
async def nothing(_: CurrentUser) -> dict[str, bool]:
    return {"ok": True}


async def run(jwks_url: str, port: int) -> None:
    verifier = TokenVerifier(JwksKeys(jwks_url, new_client(timeout=2)))
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    service = Service("nothing", database, verifier, migrations=Path(), routers=[router])
    await serve(create_api(service), "127.0.0.1", port, stop_on_signals())


if __name__ == "__main__":
    uvloop.run(run(sys.argv[1], int(sys.argv[2])))
