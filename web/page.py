"""The page: the same answer as the JSON endpoint's, made on the server for people."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

import flask
from msgspec.structs import replace
from werkzeug.exceptions import NotFound

from search.addresses import SEARCH_PAGE, address, query_string
from search.clock import format_clock
from search.current import CurrentSearcher
from search.editions import program
from search.engine import Searcher
from search.request import NO_FILTERS, Request
from search.wording import plural
from web.answer_cache import AnswerCache, Kept
from web.asked import Asked, response_to
from web.compression import compressed_once
from web.front import FrontKeeper
from web.guards import SearchGate
from web.headers import etag_of, file_of
from web.marks import listed_markup, marked_markup
from web.page_view import result_view, tag_choices
from web.query_strings import read_search
from web.sent_script import sent_script

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_STATIC_PATH = "/search/static"
_HTML = "text/html; charset=utf-8"
_MIMETYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# A file's address changes when the file does.
_FILE_CACHE = f"public, max-age={7 * 24 * 3600}"


def page_routes(
    current: CurrentSearcher, fronts: FrontKeeper, answers: AnswerCache, gate: SearchGate
) -> flask.Blueprint:
    """GET /, /search, the page's own files, /search-box.js and /opensearch.xml."""
    routes = flask.Blueprint("page", __name__)

    @routes.get("/")
    def root() -> flask.Response:
        asked = flask.request.query_string.decode("latin-1")
        address = f"{SEARCH_PAGE}?{asked}" if asked else SEARCH_PAGE
        return flask.make_response(flask.redirect(address))

    @routes.get(SEARCH_PAGE)
    def search() -> flask.Response:
        asked = read_search(flask.request.query_string, strict=False)
        searcher = current.get()
        status = searcher.status
        state = f"{status.generation} {status.edition} {status.degraded or ''}"
        # No cache keeps a page that another version of this package made.
        etag = etag_of("page", program(_HERE), state, query_string(asked))
        page = Asked(searcher, etag, _HTML, lambda: _page(searcher, asked, fronts, gate))
        return response_to(page, answers)

    @routes.get("/search-box.js")
    def search_box() -> flask.Response:
        script = sent_script(_STATIC / "search-box.js")
        return compressed_once(file_of("search-box", script, "text/javascript"))

    @routes.get(f"{_STATIC_PATH}/<name>")
    def file(name: str) -> flask.Response:
        if name not in _names():
            raise NotFound
        mimetype = _MIMETYPES[Path(name).suffix]
        body = (_STATIC / name).read_bytes()
        return compressed_once(file_of(name, body, mimetype, _FILE_CACHE))

    @routes.get("/opensearch.xml")
    def opensearch() -> flask.Response:
        front = fronts.get(current.get())
        # A proxy may pass on whatever a client says its scheme is.
        scheme = "https" if flask.request.is_secure else "http"
        root = f"{scheme}://{flask.request.host}{flask.request.root_path}".rstrip("/")
        body = flask.render_template("opensearch.xml", front=front, root=root)
        return file_of("opensearch", body, "application/opensearchdescription+xml")

    return routes


def add_helpers(app: flask.Flask) -> None:
    """What the templates may call."""
    app.jinja_env.filters.update(
        marked=marked_markup,
        listed=listed_markup,
        clock=format_clock,
        day=_day,
        length_text=_length,
    )
    app.jinja_env.globals.update(static=static_address, plural=plural)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def compile_templates(app: flask.Flask) -> None:
    """Done when they are first used, it would hold up the first listeners, all at once."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in _STATIC.iterdir())


@cache
def static_address(name: str) -> str:
    """The address of one of the page's own files; it changes when the file does."""
    digest = hashlib.blake2b((_STATIC / name).read_bytes(), digest_size=6).hexdigest()
    return f"{_STATIC_PATH}/{name}?v={digest}"


def _page(searcher: Searcher, asked: Request, fronts: FrontKeeper, gate: SearchGate) -> Kept:
    gate.check()
    front = fronts.get(searcher)
    if not asked.text and asked.filters == NO_FILTERS:
        examples = [(text, address(SEARCH_PAGE, Request(text=text))) for text in front.examples]
        page = flask.render_template(
            "front.html", front=front, tags=tag_choices(front.top_tags), examples=examples
        )
        return Kept(page.encode())
    answer = searcher.search(replace(asked, ticks=True))
    view = result_view(answer, asked, front)
    page = flask.render_template("results.html", front=front, view=view, answer=answer)
    return Kept(page.encode(), found=answer.found_episodes)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _length(seconds: int) -> str:
    """`1 h 9 min`, `2 h`, to the nearest minute."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
