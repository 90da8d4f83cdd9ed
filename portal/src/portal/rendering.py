"""Templates: Persian in the source, escaped, one folder for each area of pages."""

from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from portal.assets import Assets
from portal.formats import FILTERS
from portal.language import gettext, language, ngettext

HERE = Path(__file__).parent
DIRECTION = {"fa": "rtl", "en": "ltr"}


class Renderer:
    """``home/index.html`` is ``pages/home/templates/index.html``; ``layout.html`` is everybody's."""

    def __init__(self, assets: Assets) -> None:
        areas = {folder.name: folder / "templates" for folder in (HERE / "pages").iterdir()}
        self._environment = Environment(
            loader=ChoiceLoader(
                [
                    FileSystemLoader(HERE / "templates"),
                    PrefixLoader({name: FileSystemLoader(folder) for name, folder in areas.items()}),
                ]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            optimized=False,  # or `{{ 0 | number }}` stays in the language of its first reader
        )
        self._environment.filters |= FILTERS
        self._environment.globals["asset"] = assets.path
        self._environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined] # the extension's

    def render(self, template: str, values: dict[str, Any]) -> str:
        spoken = language.get()
        return self._environment.get_template(template).render(
            **values, language=spoken, direction=DIRECTION[spoken]
        )
