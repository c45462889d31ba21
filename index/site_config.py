"""The settings that a site has of its own, and its address among them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index import hugo
from index.files import read
from index.findings import Finding, finding
from index.front_matter import parse_toml
from index.jekyll import CONFIGS
from index.plain_text import NotText, decoded
from index.values import safe_url
from index.yaml_values import BadDocument, parse_yaml
from search.errors import UsageError


def read_config(root: Path) -> tuple[str, Mapping[str, Any]]:
    """The file of the site's settings, "" if there is none, and what it says. Without it every page
    would have another address, so one that cannot be read is refused (UsageError) and what was
    published stays."""
    name = config_file(root)
    if name is None:
        return "", {}
    contents = read(root, name)
    if isinstance(contents, Finding):
        raise _unusable(root / name, 1, contents.message)
    try:
        text = decoded(contents.data)
        of_toml = name.endswith(".toml")
        values = (parse_toml(text) if of_toml else parse_yaml(text, lenient=True)).values
    except (NotText, BadDocument) as problem:
        raise _unusable(root / name, problem.line, str(problem)) from None
    return name, values if name in CONFIGS else hugo.settings(values)


def config_file(root: Path) -> str | None:
    """The file of the settings of the site in folder `root`, if it is the root of one."""
    own = next((name for name in CONFIGS if (root / name).is_file()), None)
    return own or hugo.config_file(root)


def _unusable(path: Path, line: int, why: str) -> UsageError:
    return UsageError(f"{path}:{line}: {why}; mend it, the addresses of all pages come from there")


def site_url(text: str, config: str, root: Path, findings: list[Finding]) -> str:
    """`text` as the address of the site in folder `root`, no slash at its end; "" where it is
    none, which is reported with what to do. `config` is the file of its settings, "" for none."""
    text = text.rstrip("/")
    url = safe_url(text, "")
    if url is not None and text.startswith("http"):
        return url
    said = f"`{text[:80]}` is no http(s) address" if text else "the site's address is not known"
    key = "baseURL" if config in hugo.CONFIGS else "url:"
    way = f"set `{key}` in {config or CONFIGS[0]} or `url` of [site] in the settings"
    if not config and config_file(root.resolve().parent):
        way = "this is a part of the site in the folder above, name that one"
    message = f"{said}, so links to its pages lead nowhere; {way}"
    findings.append(finding(config or ".", 1, "no-address", message))
    return ""
