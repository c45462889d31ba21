"""What publishing costs: `python -m tests.bench.publishing 100 1000 10000` generates sites of so
many episodes as files, and times the first reindex, one without changes, and one more episode."""

import argparse
import tempfile
import time
from pathlib import Path

from index.reindex import Outcome, reindex
from search.clock import format_clock
from search.engines import open_engine
from search.episode import Episode
from search.request import Request
from search.settings import Settings, load_settings
from tests.bench.archives import MOMENTS, generated

_CONFIG = (
    'title: Generated\nurl: "https://show.example"\npermalink: "/:categories/:slug"\nfuture: true\n'
)
_NEW = "One more episode about quixotic zeppelins"


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("episodes", nargs="+", type=int)
    given = parser.parse_args()
    print("| episodes | first | unchanged | one more episode | reading | building | index |")
    print("|---|---|---|---|---|---|---|")
    for episodes in given.episodes:
        with tempfile.TemporaryDirectory() as folder:
            print(_row(episodes, Path(folder)), flush=True)


def _row(episodes: int, folder: Path) -> str:
    settings = load_settings(flags={"index.directory": str(folder / "index")})
    site = folder / "site"
    show = generated(episodes * (MOMENTS + 1)).show
    write_site(site, tuple(show.episodes))
    first = reindex(site, settings)
    unchanged = reindex(site, settings)
    assert unchanged.published.unchanged
    newest = show.episodes[-1]
    post = site / newest.path
    text = post.read_text().replace(newest.title, _NEW)
    post.with_name("2026-07-01-one-more.md").write_text(text)
    more = reindex(site, settings)
    assert more.published.reused == len(show.episodes)
    _searchable(settings)
    size = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    times = (first.seconds, unchanged.seconds, more.seconds, more.reading_seconds, _built(more))
    told = " | ".join(f"{seconds:.2f} s" for seconds in times)
    return f"| {len(show.episodes):,} | {told} | {size / 1e6:,.0f} MB |"


def _built(outcome: Outcome) -> float:
    return outcome.seconds - outcome.reading_seconds


def _searchable(settings: Settings) -> None:
    started = time.perf_counter()
    found = open_engine(settings).open().search(Request("quixotic zeppelins")).results
    assert found[0].title.text == _NEW, time.perf_counter() - started


def write_site(root: Path, episodes: tuple[Episode, ...]) -> None:
    """Episodes as the posts of a Jekyll site."""
    root.mkdir(parents=True)
    (root / "_config.yml").write_text(_CONFIG)
    for episode in episodes:
        post = root / episode.path
        post.parent.mkdir(parents=True, exist_ok=True)
        post.write_text(_post(episode))


def _post(episode: Episode) -> str:
    tags = "".join(f"  - {tag.slug}\n" for tag in episode.tags)
    topics = "".join(f"- {format_clock(m.start)} -- {m.text}\n" for m in episode.moments)
    body = "\n\n".join(episode.paragraphs)
    duration = format_clock(episode.duration or 0)
    return (
        f'---\ntitle: "{episode.title}"\ndate: {episode.date}\ncategory: {episode.category}\n'
        f'guest: "{", ".join(episode.guests)}"\nmp3_duration: "{duration}"\n'
        f'tags:\n{tags}description: "{episode.description}"\n---\n\n{body}\n\n'
        f"## Topics Include\n\n{topics}"
    )


if __name__ == "__main__":
    main()
