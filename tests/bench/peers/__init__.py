"""Those that are measured, each in a module of its own, imported only when it is wanted."""

from importlib import import_module

from tests.bench.peers.base import Peer

OURS = "Seekcast"
_PLACES = {
    OURS: ("ours", "Ours"),
    "Whoosh": ("whoosh_plain", "PlainWhoosh"),
    "FTS5": ("fts5", "Fts5"),
    "tantivy": ("tantivy_index", "Tantivy"),
    "MiniSearch": ("minisearch", "MiniSearch"),
}
NAMES = tuple(_PLACES)
"""In the order of the tables."""


def peer_named(name: str) -> Peer:
    """The peer of that name."""
    module, kind = _PLACES[name]
    made: Peer = getattr(import_module(f"{__name__}.{module}"), kind)()
    return made
