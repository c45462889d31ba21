"""The real Turbolinks, as sites load it: fetched once from npm, checked, kept in `.cache`."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest

from tests.conftest import ROOT

PACKAGE = "turbolinks@5.2.0"
_SHA256 = "88ce18ce2ff32e3fc8b213d6302d4896e4714ed46332a8cf19df7b4d9f726295"
_KEPT = ROOT / ".cache" / "turbolinks-5.2.0.js"


def turbolinks_source() -> str:
    """The script. Without npm: the test is skipped, but fails where CI=true."""
    if not _KEPT.is_file():
        _fetch()
    source = _KEPT.read_bytes()
    digest = hashlib.sha256(source).hexdigest()
    assert digest == _SHA256, f"{_KEPT} is not the script of {PACKAGE}; remove it and try again"
    return source.decode()


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        _without("npm is not installed (Debian: apt-get install npm)")
    with TemporaryDirectory() as folder:
        command = [npm, "pack", PACKAGE, "--pack-destination", folder]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            _without(f"{' '.join(command)}: {done.stderr}")
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as package:
            member = package.extractfile("package/dist/turbolinks.js")
            assert member is not None
            _KEPT.parent.mkdir(exist_ok=True)
            _KEPT.write_bytes(member.read())


def _without(reason: str) -> NoReturn:
    message = f"Turbolinks cannot be had: {reason}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
