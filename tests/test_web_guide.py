"""The guide for a site's owner, followed command by command, and the systemd unit that it installs.

What belongs to the machine is left out of the walk (accounts, owners, nginx, which has its own
tests in test_web_deploy.py) or stands in for itself in a folder (clones, the installed unit).
"""

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search.settings import setting_names
from tests.conftest import ROOT
from tests.test_web_deploy import DEPLOY, GUIDE, free_port, get

UNIT = DEPLOY / "seekcast.service"

_MACHINE = r"""
set -eu
sudo() { [ "$1" != -u ] || shift 2; "$@"; }
adduser() { :; }; chown() { :; }; nginx() { :; }; journalctl() { :; }
install() { mkdir -p "${@: -1}"; }
git() { cp -a "$CHECKOUT" "${@: -1}"; }
make() {
    if [ "$1" != serve ]; then command make "$@"; return; fi
    # It serves until it is stopped.
    command make "$@" PORT="$PORT" & server=$!
    until curl -fs "http://127.0.0.1:$PORT/search?q=tide"; do sleep 0.1; done
    kill $server; wait $server || :
}
systemctl() {
    [ "$1" = enable ] || return 0
    unit="$ROOM/etc/systemd/system/$3.service"
    (cd "$ROOM/opt/seekcast"; exec $(sed -n 's/^ExecStart=//p' "$unit")) &
    trap "kill $!" EXIT
}
"""


def test_every_command_of_the_guide_does_what_it_says(sample_site: Path, tmp_path: Path) -> None:
    port = str(free_port())

    def here(text: str) -> str:
        """The machine's folders in one of ours, and another port."""
        moved = re.sub(r"(?<![\w.])/(?=(opt|etc|var)/)", f"{tmp_path}/", text)
        return re.sub(r"\b8000\b", port, moved)

    for folder in ("opt", "etc/systemd/system", "etc/nginx/snippets", "var/www"):
        (tmp_path / folder).mkdir(parents=True)
    for site in ("my-site", "var/www/my-site"):
        (tmp_path / site).symlink_to(sample_site)
    checkout = checked_out(tmp_path / "checkout")
    for path in (checkout / "docs" / "deploy").iterdir():
        path.write_text(here(path.read_text(encoding="utf-8")))
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run(
        ["bash", "-c", _MACHINE + "".join(map(here, blocks))],
        cwd=tmp_path,
        env=os.environ | {"CHECKOUT": str(checkout), "ROOM": str(tmp_path), "PORT": port},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for said in (
        "<mark>tide</mark>",
        "malformed-time",
        '"status":"ready"',
        "already holds just that",
    ):
        assert said in done.stdout, said


def checked_out(checkout: Path) -> Path:
    """A checkout in which `make` finds everything installed; its docs/deploy is a copy."""
    (checkout / ".venv").mkdir(parents=True)
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name != "docs":
            (checkout / path.name).symlink_to(path)
    for name in ("bin", "lib", "pyvenv.cfg"):
        (checkout / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    (checkout / ".venv" / "runtime").touch()
    shutil.copytree(DEPLOY, checkout / "docs" / "deploy")
    return checkout


def test_what_the_guide_copies_is_all_there_is_to_install() -> None:
    copied = re.findall(r"\bcp (docs/deploy/\S+)", GUIDE.read_text(encoding="utf-8"))
    assert sorted(copied) == sorted(str(path.relative_to(ROOT)) for path in DEPLOY.iterdir())


def test_the_settings_that_the_guide_names_exist() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+_[a-z]+|proxies|processes)\b", guide)) - {"mp3_url_path"}
    assert {"proxies", "processes", "log_queries", "public_metrics"} <= named
    for name in named:
        assert f"server.{name}" in setting_names()


# The unit


def analyzed(*asked: str) -> subprocess.CompletedProcess[str]:
    """What systemd itself says."""
    if (systemd := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd is not installed")
    return subprocess.run([systemd, *asked], capture_output=True, text=True)


def test_systemd_understands_the_unit_and_finds_it_safe(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8").replace(
        "/opt/seekcast/.venv/bin/python", sys.executable
    )
    unit = tmp_path / UNIT.name
    unit.write_text(text)
    verified = analyzed("verify", "--man=no", "--recursive-errors=no", str(unit))
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = analyzed("security", "--offline=yes", "--threshold=15", str(unit))
    assert judged.returncode == 0, judged.stdout


_CAGED = """
import ctypes, runpy, sys
seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
cage = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(int(sys.argv.pop(1)))))
for name in sys.argv.pop(1).split():
    number = seccomp.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:
        seccomp.seccomp_rule_add(cage, ctypes.c_uint32(0x7FFF0000), number, 0)
assert seccomp.seccomp_load(cage) == 0
runpy.run_module("web", run_name="__main__", alter_sys=True)
"""
"""Runs the server with a filter of system calls: what comes of others, and which are allowed."""
_FAIL, _KILL = 0x00050000 | errno.EPERM, 0x80000000


def allowed_calls(unit: str) -> set[str]:
    """The system calls that a unit's filter lets through."""
    groups = {
        words[0]: words[1:]
        for group in analyzed("syscall-filter").stdout.split("\n\n")
        if (words := re.sub(r"#.*", "", group).split())
    }

    def calls(names: str) -> set[str]:
        return {
            call
            for name in names.split()
            for call in (calls(" ".join(groups[name])) if name.startswith("@") else [name])
        }

    allowed: set[str] = set()
    for refused, names in re.findall(r"^SystemCallFilter=(~?)(.*)", unit, re.MULTILINE):
        allowed = allowed - calls(names) if refused else allowed | calls(names)
    return allowed | calls("@default")


def test_the_server_serves_with_the_system_calls_that_the_unit_allows(sample_index: Path) -> None:
    unit = UNIT.read_text(encoding="utf-8")
    allowed = allowed_calls(unit)
    assert "read" in allowed
    assert not {"mount", "mbind"} & allowed
    told = "\nSystemCallErrorNumber=EPERM\n" in unit
    otherwise = _FAIL if told else _KILL
    command = [sys.executable, "-c", _CAGED, str(otherwise), " ".join(allowed)]
    command += ["--index", str(sample_index), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            greeting = server.stdout.readline()
            assert greeting, f"ended at once: {server.wait()}"
            assert get(greeting.split()[3] + "?q=tide")[0] == 200
        finally:
            server.terminate()
    assert server.returncode == 0
