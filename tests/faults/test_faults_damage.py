"""Whatever happens to a file of a generation is found out before it can make a wrong answer."""

import hashlib
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.reindex import reindex
from search.current import CurrentSearcher
from search.engines import open_engine
from search.engines.compiled import COMPILED
from search.errors import BadSetting, DamagedIndex, IndexUnusable
from search.settings import Settings, load_settings
from tests.conftest import settings_for
from tests.faults.editions import EPISODES, Edition, edition
from tests.faults.trial import run

Fresh = Callable[[], Path]
Figures = Callable[[str], None]
Damage = Callable[[Path], bool]


def _delete(path: Path) -> bool:
    path.unlink()
    return True


def _empty(path: Path) -> bool:
    return _rewrite(path, b"")


def _cut_one(path: Path) -> bool:
    return _rewrite(path, path.read_bytes()[:-1])


def _cut_half(path: Path) -> bool:
    data = path.read_bytes()
    return _rewrite(path, data[: len(data) // 2])


_chance = random.Random(3)


def _flip(path: Path) -> bool:
    data = bytearray(path.read_bytes())
    if data:
        data[_chance.randrange(len(data))] ^= 1 << _chance.randrange(8)
    return _rewrite(path, bytes(data))


def _zero(path: Path) -> bool:
    data = path.read_bytes()
    begin = _chance.randrange(max(1, len(data)))
    return _rewrite(path, (data[:begin] + bytes(512) + data[begin + 512 :])[: len(data)])


def _swap(path: Path) -> bool:
    others = sorted(p for p in path.parent.iterdir() if p.is_file() and p != path)
    return _rewrite(path, others[0].read_bytes()) if others else False


def _rewrite(path: Path, data: bytes) -> bool:
    """Whether that made a difference. A new inode: what is damaged is not what is linked."""
    if path.read_bytes() == data:
        return False
    aside = path.with_name("aside")
    aside.write_bytes(data)
    aside.replace(path)
    return True


DAMAGES: dict[str, Damage] = {
    "deleted": _delete,
    "emptied": _empty,
    "cut by a byte": _cut_one,
    "cut in half": _cut_half,
    "one bit flipped": _flip,
    "512 bytes zeroed": _zero,
    "another file's contents": _swap,
}


@pytest.fixture
def both(fresh: Fresh, new: Edition) -> Path:
    """An index with two generations: the new edition is served, the old one came before."""
    index = fresh()
    assert run(["reindex", str(new.root)], index).code == 0
    return index


def _current(index: Path) -> Path:
    return index / (index / "current").read_text().split()[0]


def _files(generation: Path) -> list[Path]:
    return sorted(path for path in generation.rglob("*") if path.is_file())


def _damaged(index: Path, damages: dict[str, Damage], every: int) -> Iterator[tuple[str, Path]]:
    """Each file in turn with each damage, made whole again afterwards."""
    for number, path in enumerate(_files(_current(index))):
        for place, (name, damage) in enumerate(damages.items()):
            if (number + place) % every:
                continue
            before, mode = path.read_bytes(), path.stat().st_mode
            if damage(path):
                yield name, path
            path.write_bytes(before)
            os.chmod(path, mode)


def _detected(index: Path, old: Edition, new: Edition, every: int) -> int:
    engine = open_engine(settings_for(index))
    count = 0
    for name, path in _damaged(index, DAMAGES, every):
        problems = engine.examine().problems
        assert any(str(path) in problem for problem in problems), (name, path, problems)
        searcher = engine.open()
        if "/whoosh/" in str(path) and searcher.status.degraded is None:
            # Servers do not read this file; what they answer is right.
            assert new.is_all_of(searcher)
        else:
            assert searcher.status.degraded is not None, (name, path)
            assert str(path) in searcher.status.degraded
            assert old.is_all_of(searcher)
        count += 1
    assert not engine.examine().problems
    return count


def test_a_damaged_file_is_named_and_the_generation_before_is_served(
    both: Path, old: Edition, new: Edition
) -> None:
    assert _detected(both, old, new, every=3) >= 10


@pytest.mark.faults
def test_every_file_of_a_generation_damaged_in_every_way(
    both: Path, old: Edition, new: Edition, figures: Figures
) -> None:
    times = 5
    count = sum(_detected(both, old, new, every=1) for _ in range(times))
    kinds = ", ".join(DAMAGES)
    figures(
        f"damaged files: {len(_files(_current(both)))} files × {len(DAMAGES)} ({kinds}) × {times}: "
        f"{count} damages, {count} named by doctor, none answered from"
    )


def test_a_file_damaged_under_a_running_server_is_noticed_at_the_next_look(
    both: Path, old: Edition, new: Edition
) -> None:
    time = 0.0
    current = CurrentSearcher(open_engine(settings_for(both)), clock=lambda: time)
    assert new.is_all_of(current.get())
    path = _current(both) / COMPILED
    path.write_bytes(path.read_bytes()[::-1])
    time = 1.0
    searcher = current.get()
    assert old.is_all_of(searcher)
    assert str(path) in str(searcher.status.degraded)


def test_without_a_generation_before_a_damaged_index_is_an_error_with_a_way_out(
    fresh: Fresh,
) -> None:
    index = fresh()
    (_current(index) / COMPILED).unlink()
    with pytest.raises(DamagedIndex, match=r"compiled\.safetensors: is missing.*make reindex"):
        open_engine(settings_for(index)).open()


def test_doctor_names_the_file_and_exits_with_1(both: Path) -> None:
    path = _current(both) / COMPILED
    _flip(path)
    ended = run(["doctor"], both)
    assert ended.code == 1
    assert f"problem: {path}" in ended.printed


def test_the_next_reindex_mends_a_damaged_index(both: Path, new: Edition) -> None:
    for path in _files(_current(both)):
        _cut_half(path)
    assert run(["reindex", str(new.root)], both).code == 0
    engine = open_engine(settings_for(both))
    assert new.is_all_of(engine.open())


@pytest.mark.parametrize("text", ["", "gen-1", "\x00\xff", "gen-000001-abcdef " + "0" * 64, "\n\n"])
def test_a_pointer_that_points_nowhere_is_an_error_until_the_next_reindex(
    fresh: Fresh, new: Edition, text: str
) -> None:
    index = fresh()
    (index / "current").write_text(text, encoding="latin-1")
    with pytest.raises(IndexUnusable, match=str(index)):
        open_engine(settings_for(index)).open()
    assert run(["reindex", str(new.root)], index).code == 0
    assert new.is_all_of(open_engine(settings_for(index)).open())


def test_a_manifest_that_was_rewritten_is_refused_though_its_sums_are_right(fresh: Fresh) -> None:
    index = fresh()
    manifest = _current(index) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"moments": 18', '"moments": 19'))
    with pytest.raises(DamagedIndex, match=r"manifest\.json: was changed"):
        open_engine(settings_for(index)).open()


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_an_index_that_others_can_write_is_refused(fresh: Fresh, mode: int) -> None:
    index = fresh()
    path = _current(index) / COMPILED
    path.chmod(mode)
    with pytest.raises(DamagedIndex, match="others can write it; run: chmod go-w"):
        open_engine(settings_for(index)).open()


def test_a_link_in_an_index_is_refused(fresh: Fresh, tmp_path: Path) -> None:
    index = fresh()
    path = _current(index) / COMPILED
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedIndex, match="is a link"):
        open_engine(settings_for(index)).open()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_an_index_with_a_file_of_another_user_is_refused(fresh: Fresh) -> None:
    index = fresh()
    os.chown(_current(index) / COMPILED, 12345, -1)
    with pytest.raises(DamagedIndex, match="belongs to user 12345"):
        open_engine(settings_for(index)).open()


def _key(folder: Path) -> Path:
    path = folder / "key"
    path.write_bytes(bytes(range(32)))
    path.chmod(0o640)
    return path


def _signed(index: Path, key: Path) -> Settings:
    return load_settings(flags={"index.directory": str(index), "index.key_file": str(key)})


def _forge(index: Path, path: Path, data: bytes) -> None:
    """Writes a file of the current generation, and makes all sums right again: what anybody can
    do who may write the index but has no key."""
    path.write_bytes(data)
    manifest = _current(index) / "manifest.json"
    document = json.loads(manifest.read_bytes())
    name = path.relative_to(_current(index)).as_posix()
    document["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
    manifest.write_text(json.dumps(document))
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    (index / "current").write_text(f"{_current(index).name} {digest}\n")


def test_with_a_key_a_manifest_that_was_rewritten_without_it_is_refused(
    tmp_path: Path, old: Edition
) -> None:
    index, key = tmp_path / "index", _key(tmp_path)
    settings = _signed(index, key)
    reindex(old.root, settings)
    assert old.is_all_of(open_engine(settings).open())
    path = _current(index) / "contents.json"
    _forge(index, path, path.read_bytes().replace(b"Bell", b"Well"))
    # Nobody who has no key notices.
    assert open_engine(settings_for(index)).open().status.degraded is None
    with pytest.raises(
        DamagedIndex, match=r"manifest\.json: was changed since it was published, or"
    ):
        open_engine(settings).open()
    assert reindex(old.root, settings).published.reused == 0
    assert old.is_all_of(open_engine(settings).open())


def test_with_a_key_a_forged_pickle_is_never_opened(tmp_path: Path) -> None:
    index, key = tmp_path / "index", _key(tmp_path)
    site = edition("olden", tmp_path / "site").root
    reindex(site, _signed(index, key))
    (site / "_posts" / "podcast" / "2024-04-01-9-more.md").write_text('---\ntitle: "More"\n---\n')
    forged = _Forged(tmp_path / "it ran")
    _forge(index, next(_current(index).glob("whoosh/*.toc")), forged.pickle())
    reindex(site, _signed(index, key))
    assert not forged.mark.exists()
    assert open_engine(_signed(index, key)).open().status.episodes == EPISODES + 1


def test_with_a_key_what_was_read_before_is_believed_only_if_it_is_signed(
    tmp_path: Path, old: Edition
) -> None:
    index, key = tmp_path / "index", _key(tmp_path)
    reindex(old.root, _signed(index, key))
    kept = index / "readings.cache"
    forged = kept.read_bytes()[64:].replace(b"Bell", b"Well")
    kept.write_bytes(hashlib.sha256(forged).hexdigest().encode() + forged)
    assert reindex(old.root, _signed(index, key)).published.unchanged


def test_another_key_is_another_index(tmp_path: Path, old: Edition) -> None:
    index, key = tmp_path / "index", _key(tmp_path)
    reindex(old.root, _signed(index, key))
    key.write_bytes(bytes(40))
    with pytest.raises(DamagedIndex, match="signed with another key than that of index.key_file"):
        open_engine(_signed(index, key)).open()


@pytest.mark.parametrize(
    ("mode", "size", "inside", "message"),
    [
        (0o640, 31, False, "a key has 32 to 65,536 bytes; make one with: head -c 32"),
        (0o640, 65_537, False, "a key has 32 to 65,536 bytes; make one"),
        (0o644, 32, False, "others can read or write it; run: chmod 640"),
        (0o660, 32, False, "others can read or write it; run: chmod 640"),
        (0o640, 32, True, "lies in the index that it is to protect"),
        (0o640, -1, False, "No such file or directory; make one with: head -c 32"),
    ],
)
def test_a_key_that_protects_nothing_is_refused(
    tmp_path: Path, mode: int, size: int, inside: bool, message: str
) -> None:
    index = tmp_path / "index"
    index.mkdir()
    key = (index if inside else tmp_path) / "key"
    if size >= 0:
        key.write_bytes(bytes(size))
        key.chmod(mode)
    with pytest.raises(BadSetting, match=message):
        open_engine(_signed(index, key))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_pickles_that_another_user_wrote_are_not_opened(fresh: Fresh, tmp_path: Path) -> None:
    index, site = fresh(), edition("olden", tmp_path / "site").root
    (site / "_posts" / "podcast" / "2024-04-01-9-more.md").write_text('---\ntitle: "More"\n---\n')
    forged = _Forged(index.parent / "it ran")
    # Whoever may write an index can make its sums right, too.
    _forge(index, next(_current(index).glob("whoosh/*.toc")), forged.pickle())
    for path in (index, *index.rglob("*")):
        os.chown(path, 12345, -1)
    assert run(["reindex", str(site)], index).code == 0
    assert not forged.mark.exists()


class _Forged:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def pickle(self) -> bytes:
        return f"cos\nsystem\n(S'touch \"{self.mark}\"'\ntR.".encode()


def test_a_forged_pickle_is_not_opened_because_its_sum_differs(
    fresh: Fresh, tmp_path: Path
) -> None:
    index, site = fresh(), edition("olden", tmp_path / "site").root
    # One new episode: all else would be taken over from the generation with the forged file.
    (site / "_posts" / "podcast" / "2024-04-01-9-more.md").write_text('---\ntitle: "More"\n---\n')
    forged = _Forged(index.parent / "it ran")
    next(_current(index).glob("whoosh/*.toc")).write_bytes(forged.pickle())
    assert run(["reindex", str(site)], index).code == 0
    assert not forged.mark.exists()
    assert open_engine(settings_for(index)).open().status.episodes == EPISODES + 1
