"""What the docs tell people to install, installed: real nginx in front of the real server."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from search.settings import load_settings
from tests.conftest import ROOT, serving, settings_for

DEPLOY = ROOT / "docs" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

GUIDE = ROOT / "docs" / "run-it-on-your-site.md"

Reply = tuple[int, Message, bytes]


@pytest.fixture(scope="module")
def site(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The root of a site whose nginx has our snippet, with the search behind it."""
    from web.app import create_app

    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    proxies = load_settings(DEPLOY / "seekcast.toml").server.proxies
    with serving(create_app(settings_for(sample_index, proxies=proxies))) as search:
        port = free_port()
        write_configuration(folder, port, search.url)
        command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"]
        nginx = subprocess.Popen(command)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield url
        finally:
            nginx.terminate()
            nginx.wait(timeout=30)


def test_the_page_is_under_the_sites_own_domain(site: str) -> None:
    status, headers, body = get(f"{site}/search?q=kubernetes")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<mark>Kubernetes</mark>" in body
    assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_the_pages_own_files_arrive(site: str) -> None:
    _, _, page = get(f"{site}/search")
    sheet = page.split(b'rel="stylesheet" href="')[1].split(b'"')[0].decode()
    status, headers, _ = get(site + sheet)
    assert (status, headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert get(f"{site}/search-box.js")[0] == 200
    assert get(f"{site}/opensearch.xml")[0] == 200


def test_the_endpoint_answers_with_jump_links(site: str) -> None:
    status, _, body = get(f"{site}/api/v1/search?q=kubernetes")
    assert status == 200
    moments = [m for episode in json.loads(body)["results"] for m in episode["moments"]]
    assert moments
    for moment in moments:
        assert moment["url"].endswith(f"#{moment['time']}")


def test_a_validator_survives_the_proxy(site: str) -> None:
    address = f"{site}/api/v1/search?q=kubernetes"
    etag = get(address)[1]["ETag"]
    status, _, body = get(address, {"If-None-Match": etag})
    assert (status, body) == (304, b"")


def test_compression_survives_the_proxy(site: str) -> None:
    _, headers, body = get(f"{site}/search?q=kubernetes", {"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert body[:2] == b"\x1f\x8b"


def test_what_is_for_the_machine_itself_is_not_on_the_site(site: str) -> None:
    for path in ("/metrics", "/readyz", "/healthz"):
        assert get(f"{site}{path}")[0] == 404


def test_the_site_itself_stays_where_it_was(site: str) -> None:
    assert get(f"{site}/")[2].decode() == snippet("html")


def test_the_snippet_for_the_sites_pages_is_a_search_box(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(site)
    page.get_by_label("Search the show").press_sequentially("kubern")
    page.get_by_role("option").filter(has_text="Kubernetes").first.wait_for()
    address = page.locator("[role=option] a, a[role=option]").first.get_attribute("href") or ""
    assert address.startswith("https://lamproom.example/podcast/")
    page.close()


def test_the_snippet_works_without_scripts(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Search the show").fill("kubernetes")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=kubernetes")
    assert page.get_by_role("article").count() > 0
    context.close()


def snippet(language: str) -> str:
    """The one block of the guide in this language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def get(url: str, headers: dict[str, str] | None = None) -> Reply:
    """Status, headers and body, whatever the status."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as reply:
        with reply:
            return reply.code, reply.headers, reply.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_configuration(folder: Path, port: int, search: str) -> None:
    """A whole nginx around the two files of the docs, which are used as they are but for ports."""
    snippets = folder / "snippets"
    snippets.mkdir()
    proxy = (DEPLOY / "nginx-proxy.conf").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8000" in proxy
    (snippets / "seekcast-proxy.conf").write_text(proxy.replace("http://127.0.0.1:8000", search))
    shutil.copy(DEPLOY / "nginx.conf", snippets / "seekcast.conf")
    (folder / "html").mkdir()
    (folder / "html" / "index.html").write_text(snippet("html"))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, nginx works as another user, from whom every run of pytest that begins
    # closes pytest's folders. Started by anyone else, it takes no notice of `user`.
    (folder / "nginx.conf").write_text(
        f"""
        user root;
        daemon off;
        pid {folder}/nginx.pid;
        events {{}}
        http {{
          access_log off;
          {temporary}
          server {{
            listen 127.0.0.1:{port};
            root {folder}/html;
            include snippets/seekcast.conf;
          }}
        }}
        """
    )


def wait_for(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(urllib.error.URLError):
            get(url)
            return
        time.sleep(0.05)
    pytest.fail(f"nothing answers at {url}")
