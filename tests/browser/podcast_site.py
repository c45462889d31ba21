"""A podcast's own site, small but real: pages on a port of their own, a player, recordings.

It stands for the sites that embed the search box: another origin than the search, a strict
Content-Security-Policy, optionally Turbolinks. `requests` lists the paths it was asked for.
"""

import re
import struct
import threading
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

FILES = Path(__file__).parent / "site"
AUDIO_SECONDS = 3 * 3600
_RATE = 3000  # samples a second, the fewest Chromium plays; 8 bit, mono
# Turbolinks draws its progress bar with an inline style; this is that style's hash.
_PROGRESS_BAR = "'sha256-voXja0NHK+kj/CO6kVFGewEz+qyDFbxR+WW6e9vfN3o='"
_TYPES = {".css": "text/css", ".js": "text/javascript"}


class PodcastSite:
    """Serves while a `with` block lasts. `search` is the root of the search it embeds."""

    def __init__(self) -> None:
        self.search = ""
        self.turbolinks: str | None = None
        self.attributes = ""
        self.direction = "ltr"
        self.loading = "defer"
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "PodcastSite":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        """Back to how a test finds it."""
        self.turbolinks, self.attributes = None, ""
        self.direction, self.loading = "ltr", "defer"
        self.requests.clear()

    def policy(self) -> str:
        """What a careful site allows: itself, and the search it embeds."""
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' {self.search}",
                f"style-src 'self' {_PROGRESS_BAR if self.turbolinks else ''}",
                "img-src data:",
                "media-src 'self'",
                f"connect-src 'self' {self.search}",
                f"form-action {self.search}",
                "base-uri 'none'",
                "require-trusted-types-for 'script'" if self.turbolinks is None else "",
            )
        )

    def page(self, path: str) -> str:
        """Any path is a page; those of two parts are episodes and have a player."""
        parts = path.strip("/").split("/")
        player = (
            '<div class="js-audio-player"><audio preload="metadata" controls '
            'src="/audio/lamp-room-1.mp3"></audio></div>'
        )
        return Template((FILES / "page.html").read_text()).substitute(
            title=escape(parts[-1].replace("-", " ") or "The Lamp Room"),
            direction=self.direction,
            search=self.search,
            attributes=self.attributes,
            loading=self.loading,
            turbolinks='<script src="/turbolinks.js"></script>' if self.turbolinks else "",
            player=player if len(parts) > 1 else "",
        )


@cache
def recording() -> bytes:
    """Three hours of silence as a WAV file."""
    size = AUDIO_SECONDS * _RATE
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8)
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVE" + form
    return head + b"data" + struct.pack("<I", size) + b"\x80" * size


def _handler(site: PodcastSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.requests.append(path)
            if path.startswith("/audio/"):
                self._send_range(recording())
            elif path == "/turbolinks.js":
                self._send((site.turbolinks or "").encode(), "text/javascript")
            elif (FILES / path[1:]).is_file() and path[1:] != "page.html":
                self._send((FILES / path[1:]).read_bytes(), _TYPES[Path(path).suffix])
            else:
                self._send(site.page(path).encode(), "text/html; charset=utf-8")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", site.policy())
            self.end_headers()
            self.wfile.write(body)

        def _send_range(self, body: bytes) -> None:
            # Without ranges a browser cannot seek to where it has not been yet.
            asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            first = int(asked[1]) if asked else 0
            last = int(asked[2]) if asked and asked[2] else len(body) - 1
            self.send_response(206 if asked else 200)
            self.send_header("Content-Type", "audio/wav")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(last - first + 1))
            if asked:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            self.end_headers()
            try:
                self.wfile.write(body[first : last + 1])
            except OSError:
                self.close_connection = True  # the browser has heard enough

        def log_message(self, *_: object) -> None:
            pass

    return Handler
