"""Those that are measured. A peer is a module here; `ALL` gives their order in the tables."""

from tests.bench.peers.base import Peer
from tests.bench.peers.fts5 import Fts5
from tests.bench.peers.minisearch import MiniSearch
from tests.bench.peers.ours import Ours
from tests.bench.peers.tantivy_index import Tantivy
from tests.bench.peers.whoosh_plain import PlainWhoosh

ALL: dict[str, type[Peer]] = {
    peer.name: peer for peer in (Ours, PlainWhoosh, Fts5, Tantivy, MiniSearch)
}
"""Name → class."""
