"""Generations: what did not change is taken over, and the result is the same to the byte."""

import ast
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

import search
from index.episode_file import read_file
from index.file_reading import FileReading
from index.reindex import Outcome, reindex
from index.site import Site
from search.contents import CONTENTS
from search.engines import manifest, open_engine
from search.engines.canaries import require_found
from search.engines.compiled import COMPILED
from search.engines.filesystem import kind_of
from search.engines.generations import Generations
from search.episode import Show
from search.errors import CannotWrite, DamagedIndex, DiskTrouble, NoIndex, Refused
from search.request import Request
from search.settings import Settings, load_settings
from tests.conftest import published
from tests.shows import BOAT, KETTLE_HOUR, SITE, without
from tests.small_site import EPISODE, write_site

_POSTS = "_posts/podcast"
_COUNT = 8
_TOPICS = (
    "ropes and pulleys",
    "the sexton's ledger",
    "frost on bronze",
    "pigeons in the belfry",
    "counting to twelve",
    "a clapper of oak",
    "tuning by ear",
    "the last ringer",
)


def _post(number: int) -> str:
    return EPISODE.replace("A Bell That Rings Itself", f"Bell number {number}").replace(
        "Ropes, motors and Redis", f"All about {_TOPICS[number]}"
    )


def _name(number: int) -> str:
    return f"{_POSTS}/2024-03-{number + 1:02}-{number}-bell.md"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of eight episodes."""
    return write_site(tmp_path / "site", {_name(n): _post(n) for n in range(_COUNT)})


def _settings(index: Path, **more: object) -> Settings:
    return load_settings(flags={"index.directory": str(index), **more})


def _files(index: Path) -> dict[str, bytes]:
    """What the current generation answers from, and what it says it holds."""
    generation = index / (index / "current").read_text().split()[0]
    return {name: (generation / name).read_bytes() for name in (COMPILED, CONTENTS)}


def _generations(index: Path) -> list[str]:
    return sorted(path.name for path in index.iterdir() if path.name.startswith("gen-"))


def _add_last(site: Path) -> None:
    (site / _POSTS / "2024-05-01-20-new.md").write_text(_post(0).replace("number 0", "anew"))


def _add_first(site: Path) -> None:
    (site / _POSTS / "2020-05-01-20-new.md").write_text(_post(0).replace("number 0", "anew"))


def _add_between(site: Path) -> None:
    text = _post(0).replace("Why a bell", "Zymurgy: aardvark")
    (site / _POSTS / "2024-03-04-20-new.md").write_text(text)


def _edit(site: Path) -> None:
    post = site / _name(3)
    post.write_text(post.read_text().replace("rings a bell", "talks of zeppelins and zeppelins"))


def _edit_front_matter(site: Path) -> None:
    post = site / _name(5)
    post.write_text(post.read_text().replace("Ada Lovell", "Grace Turing", 1))


def _rename(site: Path) -> None:
    (site / _name(2)).rename(site / _POSTS / "2024-03-03-2-a-bell-by-another-name.md")


def _rename_and_edit(site: Path) -> None:
    post = site / _name(2)
    text = post.read_text().replace("ropes", "zithers").replace("12:04", "13:04")
    post.unlink()
    (site / _POSTS / "2024-03-03-2-a-bell-by-another-name.md").write_text(text)


def _move_file(site: Path) -> None:
    # The category of the front matter keeps the page where it is.
    (site / _name(4)).rename(site / "_posts" / Path(_name(4)).name)


def _move_in_time(site: Path) -> None:
    (site / _name(4)).rename(site / _POSTS / "2019-01-01-4-bell.md")


def _delete(site: Path) -> None:
    (site / _name(6)).unlink()


def _withdraw(site: Path) -> None:
    post = site / _name(1)
    post.write_text(post.read_text().replace("---\n", "---\nunder_review: true\n", 1))


def _change_everything_at_once(site: Path) -> None:
    for change in (_add_first, _edit, _rename, _delete):
        change(site)


def _change_site_config(site: Path) -> None:
    config = site / "_config.yml"
    config.write_text(config.read_text().replace("audio/tower-", "sound/tower-"))


def _name_a_tag(site: Path) -> None:
    (site / "tags").mkdir()
    text = '---\ntitle: "Redis the store"\ntag: "redis"\nname: "Redis"\n---\n'
    (site / "tags" / "redis.md").write_text(text)


CHANGES: list[Callable[[Path], None]] = [
    _add_last,
    _add_first,
    _add_between,
    _edit,
    _edit_front_matter,
    _rename,
    _rename_and_edit,
    _move_file,
    _move_in_time,
    _delete,
    _withdraw,
    _change_everything_at_once,
    _change_site_config,
    _name_a_tag,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_built_on_the_generation_before_is_what_is_built_from_nothing(
    tmp_path: Path, site: Path, change: Callable[[Path], None]
) -> None:
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    change(site)
    built = reindex(site, settings)
    assert not built.published.unchanged
    if change not in (_change_site_config, _name_a_tag):
        assert 4 <= built.published.reused <= _COUNT
    reindex(site, _settings(tmp_path / "fresh"))
    assert _files(tmp_path / "index") == _files(tmp_path / "fresh")
    assert not open_engine(settings).examine().problems


def test_many_changes_one_after_the_other_come_to_the_same_as_all_at_once(
    tmp_path: Path, site: Path
) -> None:
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    for change in (_add_last, _edit, _edit_front_matter, _rename, _move_in_time, _delete):
        change(site)
        assert reindex(site, settings).published.reused >= 6
    reindex(site, _settings(tmp_path / "fresh"))
    assert _files(tmp_path / "index") == _files(tmp_path / "fresh")


def test_changed_settings_change_what_they_are_about(tmp_path: Path, site: Path) -> None:
    reindex(site, _settings(tmp_path / "index"))
    reindex(site, _settings(tmp_path / "index", **{"site.url": "https://other.example"}))
    reindex(site, _settings(tmp_path / "fresh", **{"site.url": "https://other.example"}))
    assert _files(tmp_path / "index") == _files(tmp_path / "fresh")
    found = open_engine(_settings(tmp_path / "index")).open().search(Request()).results
    assert found[0].url.startswith("https://other.example/")


def test_another_version_takes_nothing_over(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    monkeypatch.setattr(manifest, "versions", lambda: {"Whoosh": "9.9"})
    manifest.built_by.cache_clear()
    try:
        published = reindex(site, settings).published
    finally:
        manifest.built_by.cache_clear()
    assert not published.unchanged
    assert published.reused == 0


def test_whatever_the_writing_of_a_generation_stands_on_makes_another_version() -> None:
    # Values and helpers of the whole search, which shape no file.
    harmless = {"contents", "errors", "hits", "query", "remembering", "request"}
    stands_on = _search_modules({"passage", "engines/compiling", "engines/whoosh_index"})
    assert stands_on - harmless == set(manifest._BUILDERS) - {"engines/building"}


def _search_modules(modules: set[str]) -> set[str]:
    """These modules of search and all that they import, directly or not."""
    found: set[str] = set()
    while modules - found:
        module = (modules - found).pop()
        found.add(module)
        tree = ast.parse(Path(search.__path__[0], f"{module}.py").read_text())
        names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules |= {
            name.removeprefix("search.").replace(".", "/")
            for name in names
            if name and name.startswith("search.")
        }
    return found


def test_an_index_that_does_not_find_a_moment_is_not_published(tmp_path: Path) -> None:
    searcher = published(tmp_path, without(BOAT)).open()

    with pytest.raises(
        DamagedIndex, match=rf"not find the moment at \d+ s of {BOAT.path}: '.*'; not"
    ):
        require_found(searcher, KETTLE_HOUR)
    require_found(searcher, without(BOAT))


def test_a_show_whose_thousand_episodes_all_say_the_same_is_published(tmp_path: Path) -> None:
    names = [f"podcast/{number}" for number in range(1100)]
    alike = [replace(BOAT, id=name, path=f"{name}.md", url=name, date=None) for name in names]
    searcher = published(tmp_path, Show("Alike", SITE, alike, {})).open()
    assert searcher.status.episodes == len(names)


def test_without_a_change_nothing_is_published_unless_it_is_forced(
    tmp_path: Path, site: Path
) -> None:
    settings = _settings(tmp_path / "index")
    first = reindex(site, settings).published.generation
    again = reindex(site, settings).published
    assert (again.unchanged, again.generation) == (True, first)
    assert _generations(tmp_path / "index") == [first]
    forced = reindex(site, settings, force=True).published
    assert not forced.unchanged
    assert forced.reused == 0
    assert forced.generation != first


def test_an_unchanged_file_is_not_read_again(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    def counted(data: bytes, path: str, site: Site) -> FileReading:
        reads.append(path)
        return read_file(data, path, site)

    monkeypatch.setattr("index.reading_cache.read_file", counted)
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    assert len(reads) == _COUNT
    reads.clear()
    _edit(site)
    reindex(site, settings)
    assert reads == [_name(3)]


def test_a_damaged_memory_of_what_was_read_only_costs_time(tmp_path: Path, site: Path) -> None:
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    kept = tmp_path / "index" / "readings.cache"
    for data in (b"", b"x" * 50, kept.read_bytes()[:-1], bytes(len(kept.read_bytes()))):
        kept.write_bytes(data)
        assert reindex(site, settings).published.unchanged


def _changed(outcome: Outcome) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    episodes, moments = outcome.changes.episodes, outcome.changes.moments
    return (
        (episodes.added, episodes.changed, episodes.removed),
        (moments.added, moments.changed, moments.removed),
    )


@pytest.mark.parametrize(
    ("change", "episodes", "moments"),
    [
        (_add_last, (1, 0, 0), (4, 0, 0)),
        (_edit, (0, 1, 0), (0, 0, 0)),
        (_rename, (0, 1, 0), (0, 0, 0)),
        (_rename_and_edit, (1, 0, 1), (4, 0, 4)),
        (_move_file, (0, 0, 0), (0, 0, 0)),
        (_move_in_time, (0, 1, 0), (0, 0, 0)),
        (_delete, (0, 0, 1), (0, 0, 4)),
    ],
)
def test_what_a_publish_changes_is_counted(
    tmp_path: Path,
    site: Path,
    change: Callable[[Path], None],
    episodes: tuple[int, int, int],
    moments: tuple[int, int, int],
) -> None:
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    change(site)
    assert _changed(reindex(site, settings)) == (episodes, moments)


def test_a_moment_that_keeps_its_time_or_its_text_is_changed_not_new(
    tmp_path: Path, site: Path
) -> None:
    settings = _settings(tmp_path / "index")
    reindex(site, settings)
    post = site / _name(0)
    text = post.read_text().replace("- 1:36 --", "- 1:40 --").replace("Full text", "Partial")
    post.write_text(text)
    assert _changed(reindex(site, settings)) == ((0, 1, 0), (0, 2, 0))


def test_the_generation_before_is_kept_and_older_ones_go_after_the_grace_time(
    tmp_path: Path, site: Path
) -> None:
    index = tmp_path / "index"
    settings = _settings(index)
    names = []
    for change in (_add_last, _edit, _edit_front_matter):
        change(site)
        names.append(reindex(site, settings).published.generation)
    # A server may be opening the first one right now.
    assert _generations(index) == names
    for name in names:
        os.utime(index / name / "manifest.json", (time.time() - 60, time.time() - 60))
    _delete(site)
    names.append(reindex(site, settings).published.generation)
    assert _generations(index) == names[-2:]


def test_a_generation_that_never_became_current_is_removed_by_the_next_reindex(
    tmp_path: Path, site: Path
) -> None:
    index = tmp_path / "index"
    reindex(site, _settings(index))
    (index / "gen-000007-abcdef").mkdir()
    (index / "building-123456").mkdir()
    (index / "current.tmp").write_text("")
    reindex(site, _settings(index))
    assert len(_generations(index)) == 1
    assert {path.name for path in index.iterdir()} == {
        "current",
        "lock",
        "readings.cache",
        *_generations(index),
    }


def test_rollback_serves_the_generation_before_and_twice_the_newer_one(
    tmp_path: Path, site: Path
) -> None:
    settings = _settings(tmp_path / "index")
    engine = open_engine(settings)
    with pytest.raises(NoIndex, match="make reindex"):
        engine.rollback()
    first = reindex(site, settings).published
    with pytest.raises(Refused, match="no generation before"):
        engine.rollback()
    _add_last(site)
    second = reindex(site, settings).published
    assert engine.rollback().generation == first.generation
    assert engine.open().status.episodes == _COUNT
    assert engine.rollback().generation == second.generation
    assert engine.open().status.episodes == _COUNT + 1
    engine.rollback()
    # The next reindex publishes what the site says, whatever was rolled back.
    third = reindex(site, settings).published
    assert third.episodes == _COUNT + 1
    assert third.generation > second.generation


def test_a_damaged_generation_is_not_rolled_back_to(tmp_path: Path, site: Path) -> None:
    settings = _settings(tmp_path / "index")
    engine = open_engine(settings)
    first = reindex(site, settings).published
    _add_last(site)
    second = reindex(site, settings).published
    before = tmp_path / "index" / first.generation / COMPILED
    content = bytearray(before.read_bytes())
    content[len(content) // 2] ^= 1
    before.write_bytes(content)
    told = f"{first.generation}/{COMPILED}: .*; run: make reindex EPISODES=… INDEX="
    with pytest.raises(DamagedIndex, match=told):
        engine.rollback()
    assert engine.open().status.generation == second.generation


def test_nothing_is_built_where_there_is_no_room_for_it(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    wanted = (
        r"a new generation takes up to [\d,]+ MB, [\d,]+ MB are free; nothing published\. Make room"
    )
    with (
        pytest.raises(DiskTrouble, match=wanted),
        Generations(index).building(needed=1 << 62),
    ):
        pytest.fail("it was let in")
    assert not list(index.glob("building-*"))


def test_a_manifest_names_every_file_with_its_sum_and_what_built_it(
    tmp_path: Path, site: Path
) -> None:
    index = tmp_path / "index"
    published = reindex(site, _settings(index)).published
    generations = Generations(index)
    manifest = generations.read(generations.require_pointed()[0]).manifest
    directory = index / published.generation
    there = {p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file()}
    assert set(manifest.files) == there - {"manifest.json"}
    assert manifest.versions["Whoosh"] == "2.7.4"
    assert (manifest.episodes, manifest.moments) == (_COUNT, 4 * _COUNT)
    modes = {path.stat().st_mode & 0o777 for path in (directory, *directory.rglob("*"))}
    assert modes == {0o644, 0o755}


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o077])
def test_nobody_else_may_write_an_index_whatever_the_umask(
    tmp_path: Path, site: Path, mask: int
) -> None:
    index = tmp_path / "index"
    before = os.umask(mask)
    try:
        reindex(site, _settings(index))
    finally:
        os.umask(before)
    assert {path.name for path in index.iterdir()} > {"current", "lock", "readings.cache"}
    open_to_others = [p for p in (index, *index.rglob("*")) if p.stat().st_mode & 0o022]
    assert open_to_others == []


@pytest.mark.parametrize("linked", [False, True])
def test_a_folder_that_others_can_write_is_no_place_for_an_index(
    tmp_path: Path, site: Path, linked: bool
) -> None:
    """What was published there no server would answer from."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o775)
    index = tmp_path / "index" if linked else folder
    if linked:
        index.symlink_to(folder)
    with pytest.raises(CannotWrite) as refused:
        reindex(site, _settings(index))
    assert str(refused.value) == (
        f"{index}: others can write it; run: chmod go-w '{index}', or choose another place, such "
        "as a folder in it, with --index or INDEX=; nothing published"
    )
    assert not (folder / "current").exists()
    folder.chmod(0o755)
    reindex(site, _settings(index))
    assert open_engine(_settings(index)).open().status.episodes == _COUNT
    folder.chmod(0o757)
    with pytest.raises(DamagedIndex, match="others can write it; run: chmod go-w"):
        open_engine(_settings(index)).open()


def test_what_says_which_generation_is_served_may_not_be_open_to_others(
    tmp_path: Path, site: Path
) -> None:
    index = tmp_path / "index"
    reindex(site, _settings(index))
    (index / "current").chmod(0o664)
    told = f"{index / 'current'}: others can write it; run: chmod go-w"
    with pytest.raises(DamagedIndex, match=told):
        open_engine(_settings(index)).open()
    assert [told in problem for problem in open_engine(_settings(index)).examine().problems]
    reindex(site, _settings(index))
    assert open_engine(_settings(index)).open().status.episodes == _COUNT


def test_an_index_is_on_the_filesystem_mounted_nearest_above_it() -> None:
    mounts = (
        "/dev/vda / ext4 rw 0 0\n"
        "server:/ /srv/my\\040show nfs4 rw 0 0\n"
        "tmpfs /srv/my\\040show/local tmpfs rw 0 0\n"
    )
    assert kind_of("/srv/my show/index", mounts) == "nfs4"
    assert kind_of("/srv/my show/local/index", mounts) == "tmpfs"
    assert kind_of("/srv/my shows/index", mounts) == "ext4"
    assert kind_of("/srv/my show/index", "") == ""


def test_who_serves_without_the_key_is_told_that_there_is_one(tmp_path: Path, site: Path) -> None:
    key, index = tmp_path / "key", tmp_path / "index"
    key.write_bytes(bytes(32))
    key.chmod(0o640)
    flags = {"index.directory": str(index), "index.key_file": str(key)}
    reindex(site, load_settings(flags=flags))
    told = "manifest.json: was changed since it was published, or signed with a key, to be named in"
    with pytest.raises(DamagedIndex, match=f"{told} index.key_file"):
        open_engine(_settings(index)).open()
