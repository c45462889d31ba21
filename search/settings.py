"""Settings: one TOML file over built-in defaults, the environment over the file, flags over all.

Read once, where a program begins (the commands and `create_app`), and handed in as one frozen
value.
A setting `port` of section `[server]` is `SEEKCAST_SERVER_PORT` in the environment.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, get_type_hints

from search.errors import BadSetting
from search.links import AUDIO_LINK, JUMP_LINK
from search.setting_values import setting_value
from search.text_files import read_toml


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """[site]: where the episodes are and how their pages are addressed.

    Empty texts mean: take it from the site itself (`_config.yml`).
    """

    url: str = ""
    name: str = ""
    permalink: str = ""
    audio_prefix: str = ""
    jump_link: str = JUMP_LINK
    audio_link: str = AUDIO_LINK
    hidden_flags: tuple[str, ...] = ("under_review", "draft", "hidden")


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """[index]: where generations live and when publishing is refused.

    `key_file` names a file with a secret key (search.signing); empty: generations are not signed.
    """

    directory: str = ".index"
    max_shrink: float = 0.2
    max_bad: float = 0.2
    keep: int = 2
    key_file: str = ""


@dataclass(frozen=True, slots=True)
class WeightSettings:
    """[weights]: how answers are ranked; ARCHITECTURE.md, "How answers are ranked", explains them.

    1 is the worth of a word that stands in a moment exactly as typed.
    """

    variant: float = 0.9
    alias: float = 0.9
    near: float = 0.65
    related: float = 0.5
    prefix: float = 0.7
    title: float = 0.25
    guests: float = 0.25
    tags: float = 0.25
    description: float = 0.25
    paragraph: float = 0.2
    breadth: float = 0.15
    named: float = 1.0
    text: float = 0.6
    subject: float = 1.5
    listed: float = 0.2
    most: float = 0.25
    enough: float = 0.75


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """[server]: where and how the search is served.

    `trusted_hosts` empty: any host; on a loopback address only loopback names and the show's own
    domain. `proxies` is how many proxies in front are believed about a client's address. Rates
    are requests per second and client (0: no limit; four seconds' worth may come at once; clients
    on a loopback address are never limited). `max_searches` may run or wait at a time.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    threads: int = 1
    cors_origins: tuple[str, ...] = ("*",)
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    search_rate: int = 10
    suggest_rate: int = 20
    max_searches: int = 64
    public_metrics: bool = False
    log_queries: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `aliases` names a TOML file with the show's own aliases ("" for none)."""

    site: SiteSettings = field(default_factory=SiteSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    weights: WeightSettings = field(default_factory=WeightSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    aliases: str = ""


def load_settings(
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Defaults < file < environment < flags (`{"server.port": 9000}`; None values are not set).

    Raises BadSetting that names the setting, its value and the choices.
    """
    settings = Settings()
    if config is not None:
        for name, value in _flatten(read_toml(config, "settings")).items():
            settings = _replace(settings, name, value, f"{config}")
    for variable, text in (environ or {}).items():
        if variable.startswith("SEEKCAST_"):
            name = _name_of_variable(variable)
            settings = _replace(settings, name, text, f"environment variable {variable}")
    for name, value in (flags or {}).items():
        if value is not None:
            settings = _replace(settings, name, value, "the command line")
    return settings


def setting_names() -> dict[str, Any]:
    """Every setting's dotted name and default, in the order of the README's table."""
    names: dict[str, Any] = {}
    defaults = Settings()
    for entry in dataclasses.fields(Settings):
        value = getattr(defaults, entry.name)
        if dataclasses.is_dataclass(value):
            for inner in dataclasses.fields(value):
                names[f"{entry.name}.{inner.name}"] = getattr(value, inner.name)
        else:
            names[entry.name] = value
    return names


def _flatten(document: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": v for inner, v in value.items()})
        else:
            flat[name] = value
    return flat


def _name_of_variable(variable: str) -> str:
    names = {name.replace(".", "_"): name for name in setting_names()}
    wanted = variable.removeprefix("SEEKCAST_").lower()
    return names.get(wanted) or _refuse(f"{variable}: no such setting", wanted)


def _refuse(what: str, name: str) -> NoReturn:
    names = list(setting_names())
    near = get_close_matches(name, names, n=1)
    hint = f" (perhaps {near[0]} is meant)" if near else ""
    section = re.split("[._]", name)[0]
    choices = [each for each in names if each.startswith(f"{section}.")] or names
    raise BadSetting(f"{what}{hint}; choose from: {', '.join(choices)}")


def _replace(settings: Settings, name: str, value: Any, place: str) -> Settings:
    if name not in setting_names():
        _refuse(f"{place}: no setting is called {name!r}", name)
    section, _, inner = name.rpartition(".")
    owner: Any = getattr(settings, section) if section else settings
    wanted = get_type_hints(type(owner))[inner]
    new: Any = dataclasses.replace(owner, **{inner: setting_value(name, value, wanted, place)})
    if section:
        whole: dict[str, Any] = {section: new}
        new = dataclasses.replace(settings, **whole)
    assert isinstance(new, Settings)
    return new
