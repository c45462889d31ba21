"""A site that is being written while it is read: each file whole, or not at all."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

import pytest

from index.files import MAX_BYTES, FileContents, read_bytes, walk
from index.findings import Finding, as_line
from tests.small_site import EPISODE, NAME, read, write_site


def test_files_that_are_rewritten_meanwhile_are_read_whole_or_left_out(tmp_path: Path) -> None:
    files = {NAME.replace("-7-", f"-{n}-"): EPISODE for n in range(3)}
    root = write_site(tmp_path, {**files})
    long = EPISODE.replace("rings a bell.", "rings a bell. " + "More words.\n" * 2_000 + "The end.")
    stop = threading.Event()

    def rewrite() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            for name in files:
                (root / name).write_text(long if number % 2 else EPISODE)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for _ in range(3):
            reading = read(root)
            for episode in reading.show.episodes:
                assert len(episode.moments) == 4
                (text,) = episode.paragraphs
                assert text.endswith(("rings a bell.", "The end."))
            for found in reading.findings:
                # A file that stays emptied for long is what it seems to be.
                assert found.code in ("file-changed", "no-title")
    finally:
        stop.set()
        writer.join()


def test_a_file_that_was_emptied_to_be_written_anew_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    wait = time.sleep
    editions = iter([b"# A"])

    def written_meanwhile(seconds: float) -> None:
        for edition in editions:
            (tmp_path / "a.md").write_bytes(edition)
        wait(seconds)

    monkeypatch.setattr(time, "sleep", written_meanwhile)
    assert read_bytes(tmp_path, "a.md") == FileContents("a.md", b"# A")


class Editor:
    """Writes a file between the two looks that a reader takes at it: right after the first one."""

    def __init__(self, path: Path, editions: Iterable[bytes]) -> None:
        self.path = path
        self.editions = iter(editions)
        self.looks = 0
        self.look = os.fstat

    def fstat(self, handle: int) -> os.stat_result:
        seen = self.look(handle)
        if os.path.samestat(seen, self.path.stat()):
            self.looks += 1
            edition = next(self.editions, None) if self.looks % 2 else None
            if edition is not None:
                self.write(edition)
        return seen

    def write(self, edition: bytes) -> None:
        """In place, as editors do. Its time tells it apart, but not as one of just now."""
        with open(self.path, "r+b") as file:
            file.write(edition)
            file.truncate()
        os.utime(self.path, (self.looks, self.looks))


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterable[bytes]], Editor]:
    """Lets an editor write so many editions of the file a.md, one at each try to read it."""

    def start(editions: Iterable[bytes]) -> Editor:
        (tmp_path / "a.md").write_bytes(b"# Before\n")
        os.utime(tmp_path / "a.md", (1_000, 1_000))
        editor = Editor(tmp_path / "a.md", editions)
        monkeypatch.setattr(os, "fstat", editor.fstat)
        return editor

    return start


@pytest.mark.parametrize("whole", [b"# After\n\nMuch more.\n", b"# Afterw\n", b"# A\n"])
def test_a_file_that_changes_between_two_looks_is_read_again(
    whole: bytes, edited: Callable[[Iterable[bytes]], Editor], tmp_path: Path
) -> None:
    editor = edited([whole])
    assert read_bytes(tmp_path, "a.md") == FileContents("a.md", whole)
    assert editor.looks == 4


def test_of_a_file_that_grows_while_it_is_read_no_half_is_taken(
    edited: Callable[[Iterable[bytes]], Editor], tmp_path: Path
) -> None:
    whole = b"# After\n\n" + b"More and more.\n" * 3
    edited([whole[:12], whole[:30], whole])
    assert read_bytes(tmp_path, "a.md") == FileContents("a.md", whole)


def test_a_file_that_changes_at_every_look_is_left_out_and_the_others_are_read(
    edited: Callable[[Iterable[bytes]], Editor], tmp_path: Path
) -> None:
    (tmp_path / "b.md").write_text("# B\n")
    os.utime(tmp_path / "b.md", (1_000, 1_000))
    edited(b"# Edition %d\n" % n for n in count())
    reading = read(tmp_path)
    assert [episode.path for episode in reading.show.episodes] == ["b.md"]
    assert [path for path, _ in reading.left_out] == ["a.md"]
    (told,) = (found for found in reading.findings if found.path == "a.md")
    assert as_line(told) == (
        "a.md:1: warning file-changed the file keeps changing while it is read; left out until "
        "the next reindex"
    )


def test_an_empty_file_of_just_now_is_about_to_be_written_and_an_old_one_is_empty(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    found = read_bytes(tmp_path, "a.md")
    assert isinstance(found, Finding)
    assert found.code == "file-changed"
    os.utime(tmp_path / "a.md", (1_000, 1_000))
    found = read_bytes(tmp_path, "a.md")
    assert isinstance(found, FileContents)
    assert found.data == b""


def test_a_file_that_vanishes_before_it_is_read_is_left_out(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "gone.md")
    assert isinstance(found, Finding)
    assert found.code == "unreadable-file"


def test_a_pipe_in_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert isinstance(read_bytes(tmp_path, "a.md"), Finding)


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# B")
    (tmp_path / "a.md").symlink_to(tmp_path / "b.md")
    assert isinstance(read_bytes(tmp_path, "a.md"), Finding)
    assert read_bytes(tmp_path, "b.md") == FileContents("b.md", b"# B")


def test_a_file_of_the_limit_is_read_and_one_of_a_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * MAX_BYTES)
    found = read_bytes(tmp_path, "a.md")
    assert isinstance(found, FileContents)
    assert len(found.data) == MAX_BYTES
    with path.open("ab") as file:
        file.write(b"x")
    found = read_bytes(tmp_path, "a.md")
    assert isinstance(found, Finding)
    assert found.message == "cannot be read: longer than 5 MiB (5,242,881 bytes)"


def names(root: Path) -> list[str]:
    return [found for found in walk(root) if isinstance(found, str)]


def test_a_hard_link_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A")
    os.link(tmp_path / "a.md", tmp_path / "b.md")
    assert names(tmp_path) == ["a.md", "b.md"]


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.md").write_text("# A")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert names(tmp_path) == ["a/a.md"]


def test_folders_may_be_deep_but_not_without_end(tmp_path: Path) -> None:
    folder = tmp_path
    for depth in range(40):
        folder = folder / "d"
        folder.mkdir()
        (folder / f"{depth}.md").write_text("# A")
    found = list(walk(tmp_path))
    assert sum(isinstance(one, str) for one in found) >= 25
    assert sum(isinstance(one, Finding) for one in found) == 1


def test_twins_by_case_or_by_form_of_letters_are_two_files(tmp_path: Path) -> None:
    for name in ("\u00e4.md", "a\u0308.md", "Same.md", "same.md"):
        (tmp_path / name).write_text(f"# {name}\n")
    assert len(names(tmp_path)) == 4
    reading = read(tmp_path)
    assert reading.files == 4
    assert len(reading.show.episodes) + len(reading.left_out) == 4


def test_order_does_not_hang_on_the_file_system(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "c/a.md", "a/z.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# A")
    assert names(tmp_path) == ["a/z.md", "a.md", "b.md", "c/a.md"]


def broken(number: int) -> str:
    ways: list[Callable[[str], str]] = [
        lambda text: text.replace("---\n\nIn", "\n\nIn"),
        lambda text: text.replace("tags:", "tags: ["),
        lambda text: text.replace('title: "A', "title: 'A"),
        lambda text: text.replace("guest:", "guest: &a"),
        lambda text: text.replace("guest:", "guest: !!python/object:os.system"),
        lambda text: text.replace("layout:", 'title: "Twice"\nlayout:'),
        lambda text: text.replace("guest:", "\tguest:"),
        lambda text: text.replace("title:", "titel:"),
        lambda text: "\0" + text,
    ]
    return ways[number % len(ways)](EPISODE)


def test_among_500_good_episodes_each_of_54_bad_ones_is_named_and_left_out(tmp_path: Path) -> None:
    good = {f"_posts/2024-01-01-{n}-good.md": EPISODE for n in range(500)}
    bad = {f"_posts/2024-01-01-{n}-bad.md": broken(n) for n in range(1000, 1054)}
    reading = read(write_site(tmp_path, {**good, **bad}))
    assert [episode.path for episode in reading.show.episodes] == sorted(good)
    assert [path for path, _ in reading.left_out] == sorted(bad)
    assert {found.path for found in reading.findings} == set(bad)
    assert all(found.severity.value == "error" for found in reading.findings)
