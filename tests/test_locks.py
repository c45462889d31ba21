"""What is installed is what the locks name, and nothing that is needed is missing from them."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"runtime": (), "dev": ("dev",), "bench": ("dev", "bench"), "tools": ("dev", "tools")}


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _entries(lock: str) -> list[str]:
    """Each locked package with its hashes, on one line."""
    text = (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    return text.replace("\\\n", " ").splitlines()


def _versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) ", "\n".join(_entries(lock)), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_each_lock_has_what_the_project_requires_in_a_version_that_it_allows(lock: str) -> None:
    project = _project()
    required = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    for extra in LOCKS[lock]:
        required += project["project"]["optional-dependencies"][extra]
    versions = _versions(lock)
    for requirement in map(Requirement, required):
        version = versions.get(canonicalize_name(requirement.name), "none")
        fits = version != "none" and requirement.specifier.contains(version)
        assert fits, (
            f"locks/{lock}.txt has {requirement.name} {version}, pyproject.toml wants "
            f"{requirement}: make lock"
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_one_version_known_by_its_hashes(lock: str) -> None:
    entries = _entries(lock)
    assert len(_versions(lock)) == len(entries)
    for entry in entries:
        assert re.fullmatch(
            r"[a-z0-9-]+==[\w.]+( ; [^#:]+?)?( +--hash=sha256:[0-9a-f]{64})+", entry
        ), entry[:100]


@pytest.mark.parametrize("lock", ["dev", "bench", "tools"])
def test_what_is_tested_is_what_is_served(lock: str) -> None:
    assert _versions("runtime").items() <= _versions(lock).items()


def test_the_locks_build_with_what_the_build_system_requires() -> None:
    project = _project()
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]


KNOWN = {"name": "flask", "version": "3.1.0", "vulns": []}
UNKNOWN = {"name": "waitress", "skip_reason": "Dependency not found and could not be audited"}
WEAK = {
    "name": "jinja2",
    "version": "3.1.2",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.3"], "aliases": []}],
}


@pytest.mark.parametrize(
    ("report", "error", "code", "said"),
    [
        ([KNOWN], "", 0, "Known weaknesses: none in 1 packages"),
        ([KNOWN, WEAK], "", 1, "jinja2 3.1.2: PYSEC-1, mended in 3.1.3"),
        ([KNOWN, UNKNOWN], "", 1, "Dependency not found and could not be audited"),
        ([UNKNOWN], "", 0, "knows none of the 1 packages"),
        (None, "Traceback …\nrequests.exceptions.ProxyError: no way", 0, "ProxyError: no way"),
        (None, "ERROR: Could not connect to the feed\nTip: try -s", 0, "NOT asked"),
        (None, "ERROR: invalid requirements input: x", 1, "invalid requirements input: x"),
        (None, "", 1, "pip-audit says: nothing, exit code 0"),
    ],
)
def test_an_audit_fails_for_what_is_known_and_writes_the_bill_in_any_case(
    tmp_path: Path, report: list[dict[str, Any]] | None, error: str, code: int, said: str
) -> None:
    sbom = tmp_path / "sbom.json"
    output = "" if report is None else json.dumps({"dependencies": report, "fixes": []})
    tell = "import sys; sys.stdout.write(sys.argv[1]); sys.stderr.write(sys.argv[2])"
    audit = [ROOT / ".ci" / "audit.py", ROOT / "locks" / "runtime.txt", sbom]
    ended = subprocess.run(
        [sys.executable, *audit, sys.executable, "-c", tell, output, error],
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (code, "")
    assert said in ended.stdout
    parts = json.loads(sbom.read_text(encoding="utf-8"))["components"]
    assert {part["name"]: part["version"] for part in parts} == _versions("runtime")
