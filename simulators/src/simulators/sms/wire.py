"""How SMS providers refuse, and how their JSON is read."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from json import JSONDecodeError
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

M = TypeVar("M", bound=BaseModel)


class CamelModel(BaseModel):
    """A body whose fields are camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel)


class ProviderError(Exception, ABC):
    """A refusal with the provider's own code, and how that provider writes it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    @abstractmethod
    def response(self) -> Response: ...


class ProviderRoute(APIRoute):
    """A route whose refusals are answered in the provider's own words."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except ProviderError as error:
                return error.response()

        return handle


async def json_of(
    request: Request, model: type[M], wrong: Mapping[str, int], refuse: type[ProviderError], otherwise: int
) -> M:
    """The body, or the refusal with the code of its first wrong field, `otherwise` when it has none."""
    try:
        return model.model_validate(await request.json())
    except JSONDecodeError as error:
        raise refuse(otherwise) from error
    except ValidationError as invalid:
        field = str(next(iter(invalid.errors()[0]["loc"]), ""))
        raise refuse(wrong.get(field, otherwise)) from invalid
