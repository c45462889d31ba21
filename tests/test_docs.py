"""What the documents promise is true: commands, targets, settings, links."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from search.errors import EXIT_CODES
from search.settings import setting_names

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_readme_lists_every_setting_with_its_default() -> None:
    table = README.partition("| setting |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (.*?) \|", table, re.MULTILINE))
    assert list(rows) == list(setting_names())
    for name, default in setting_names().items():
        assert rows[name] == _shown(default), name


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        return ", ".join(f"`{value}`" for value in default) or "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default != "" else "empty"


def test_the_readme_lists_every_exit_code() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert listed == {0, *EXIT_CODES.values()}


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for document in DOCUMENTS:
        for target in re.findall(r"^ *(?:\$ )?make ([a-z-]+)", document.read_text(), re.MULTILINE):
            assert target in targets, f"{document.name} names make {target}"


def test_make_alone_lists_every_target_for_people_on_eighty_columns() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    promised = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert promised is not None
    helped = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = re.findall(r"^  make ([a-z-]+) +\S", helped, re.MULTILINE)
    inner = {"judged", "up-to-date", "browser"}
    assert set(listed) == set(promised[1].split()) - inner
    assert max(map(len, helped.splitlines())) <= 80


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (document.parent / link).exists(), f"{document.name} links to {link}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_heading_leads_to_one(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", text):
        target = (document.parent / link).read_text(encoding="utf-8") if link else text
        headings = re.findall(r"^#+ (.+)$", target, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
        assert anchor in anchors, f"{document.name} links to {link}#{anchor}"


def test_every_module_that_the_architecture_names_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:index|search|web|tests)/[\w./*-]+)`", text):
        assert list(ROOT.glob(path.rstrip("/"))), f"ARCHITECTURE.md names {path}"


def test_the_architecture_names_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [path for name in ("index", "search", "web") for path in (ROOT / name).rglob("*.py")]
    for path in modules:
        named = f"`{path.relative_to(ROOT).as_posix()}`" in text or f"`{path.name}`" in text
        assert named or path.name == "__init__.py", f"ARCHITECTURE.md does not name {path}"


def test_the_arrows_point_one_way() -> None:
    forbidden = {"search": ("index", "web"), "index": ("web",), "web": ("index",)}
    for package, others in forbidden.items():
        for module in (ROOT / package).rglob("*.py"):
            imported = re.findall(r"^\s*(?:from|import) (\w+)", module.read_text(), re.MULTILINE)
            assert not set(imported) & set(others), f"{module.relative_to(ROOT)} imports {others}"


@pytest.mark.parametrize(
    ("library", "modules"),
    [("whoosh", 1), ("frontmatter", 1), ("markdown", 1), ("liquid", 1), ("waitress", 2)],
)
def test_a_library_is_known_where_it_is_used_only(library: str, modules: int) -> None:
    knowing = [
        path
        for package in ("search", "index", "web")
        for path in (ROOT / package).rglob("*.py")
        if re.search(rf"^\s*(from|import) {library}\b", path.read_text(), re.MULTILINE)
    ]
    assert len(knowing) == modules, knowing


def test_the_search_box_of_the_readme_is_served_where_it_says(client: "FlaskClient") -> None:
    script = re.search(r'<script src="https://search.example(/[^"]+)" defer>', README)
    form = re.search(r'<form action="https://search.example(/[^"]+)"', README)
    assert script is not None
    assert form is not None
    assert client.get(script.group(1)).mimetype == "text/javascript"
    assert client.get(form.group(1)).status_code == 200


def test_the_json_query_of_the_readme_is_answered(client: "FlaskClient") -> None:
    query = re.search(r"curl 'http://127.0.0.1:8000(/[^']+)'", README)
    assert query is not None
    first = client.get(query.group(1)).get_json()["results"][0]["moments"][0]
    assert first["url"].endswith("#" + first["time"])


@pytest.mark.parametrize("works", [True, False])
def test_make_installs_everything_anew_where_python_was_upgraded(
    tmp_path: Path, works: bool
) -> None:
    for name in ("Makefile", "pyproject.toml", "locks/runtime.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # What is not found or knows nothing of what is installed fails as this does.
    python.symlink_to(shutil.which("true" if works else "false") or "")
    (tmp_path / ".venv" / "runtime").touch()
    command = ["make", "-n", "reindex"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert ("-m venv --clear .venv" in told) is not works
    assert ("--require-hashes -r locks/runtime.txt" in told) is not works


def test_make_reindex_publishes_as_the_readme_says(sample_site: Path, tmp_path: Path) -> None:
    command = ["make", "reindex", f"EPISODES={sample_site}", f"INDEX={tmp_path / 'index'}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "index" / "current").exists()
