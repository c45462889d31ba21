"""Whatever happens to a file of a generation is found out before it can make a wrong answer."""

import hashlib
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.current import CurrentSearcher
from search.engines import open_engine
from search.engines.compiled import COMPILED
from search.errors import DamagedIndex, IndexUnusable
from tests.faults.editions import EPISODES, Edition, edition, settings_of
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


def _flip(path: Path) -> bool:
    data = bytearray(path.read_bytes())
    if data:
        data[random.Random(len(data)).randrange(len(data))] ^= 1
    return _rewrite(path, bytes(data))


def _zero(path: Path) -> bool:
    data = path.read_bytes()
    begin = random.Random(len(data)).randrange(max(1, len(data)))
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


def _damaged(index: Path, damages: dict[str, Damage], every: int = 1) -> Iterator[tuple[str, Path]]:
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
    engine = open_engine(settings_of(index))
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
    count = _detected(both, old, new, every=1)
    kinds = ", ".join(DAMAGES)
    figures(
        f"damaged files: {len(_files(_current(both)))} files × {len(DAMAGES)} ({kinds}): "
        f"{count} damages, {count} named by doctor, none answered from"
    )


def test_a_file_damaged_under_a_running_server_is_noticed_at_the_next_look(
    both: Path, old: Edition, new: Edition
) -> None:
    time = 0.0
    current = CurrentSearcher(open_engine(settings_of(both)), clock=lambda: time)
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
        open_engine(settings_of(index)).open()


def test_doctor_names_the_file_and_exits_with_1(both: Path) -> None:
    path = _current(both) / COMPILED
    _flip(path)
    ended = run(["doctor"], both)
    assert ended.code == 1
    assert f"damaged: {path}" in ended.printed


def test_the_next_reindex_mends_a_damaged_index(both: Path, new: Edition) -> None:
    for path in _files(_current(both)):
        _cut_half(path)
    assert run(["reindex", str(new.root)], both).code == 0
    engine = open_engine(settings_of(both))
    assert new.is_all_of(engine.open())


@pytest.mark.parametrize("text", ["", "gen-1", "\x00\xff", "gen-000001-abcdef " + "0" * 64, "\n\n"])
def test_a_pointer_that_points_nowhere_is_an_error_until_the_next_reindex(
    fresh: Fresh, new: Edition, text: str
) -> None:
    index = fresh()
    (index / "current").write_text(text, encoding="latin-1")
    with pytest.raises(IndexUnusable, match=str(index)):
        open_engine(settings_of(index)).open()
    assert run(["reindex", str(new.root)], index).code == 0
    assert new.is_all_of(open_engine(settings_of(index)).open())


def test_a_manifest_that_was_rewritten_is_refused_though_its_sums_are_right(fresh: Fresh) -> None:
    index = fresh()
    manifest = _current(index) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"moments": 18', '"moments": 19'))
    with pytest.raises(DamagedIndex, match=r"manifest\.json: was changed"):
        open_engine(settings_of(index)).open()


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_an_index_that_others_can_write_is_refused(fresh: Fresh, mode: int) -> None:
    index = fresh()
    path = _current(index) / COMPILED
    path.chmod(mode)
    with pytest.raises(DamagedIndex, match="others can write it; run: chmod go-w"):
        open_engine(settings_of(index)).open()


def test_a_link_in_an_index_is_refused(fresh: Fresh, tmp_path: Path) -> None:
    index = fresh()
    path = _current(index) / COMPILED
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedIndex, match="is a link"):
        open_engine(settings_of(index)).open()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_an_index_with_a_file_of_another_user_is_refused(fresh: Fresh) -> None:
    index = fresh()
    os.chown(_current(index) / COMPILED, 12345, -1)
    with pytest.raises(DamagedIndex, match="belongs to user 12345"):
        open_engine(settings_of(index)).open()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_pickles_that_another_user_wrote_are_not_opened(fresh: Fresh, tmp_path: Path) -> None:
    index, site = fresh(), edition("olden", tmp_path / "site").root
    (site / "_posts" / "podcast" / "2024-04-01-9-more.md").write_text('---\ntitle: "More"\n---\n')
    forged = _Forged(index.parent / "it ran")
    toc = next(_current(index).glob("whoosh/*.toc"))
    toc.write_bytes(forged.pickle())
    # Whoever may write an index can make its sums right, too.
    manifest = toc.parents[1] / "manifest.json"
    document = json.loads(manifest.read_bytes())
    digest = hashlib.sha256(toc.read_bytes()).hexdigest()
    document["files"][f"whoosh/{toc.name}"] = [toc.stat().st_size, digest]
    manifest.write_text(json.dumps(document))
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    (index / "current").write_text(f"{toc.parents[1].name} {digest}\n")
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
    assert open_engine(settings_of(index)).open().status.episodes == EPISODES + 1
