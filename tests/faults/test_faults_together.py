"""Reindexers, servers, listeners and an editor, all at once."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from search.engines import open_engine
from search.request import Request
from tests.conftest import ROOT, settings_for
from tests.faults.editions import EPISODES, Edition, edition, which
from tests.faults.trial import Fault, run, start
from tests.test_web_faults import web_process

Fresh = Callable[[], Path]
Figures = Callable[[str], None]


def _wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_second_and_a_third_reindex_are_told_who_is_at_work_and_change_nothing(
    fresh: Fresh, old: Edition, new: Edition
) -> None:
    index = fresh()
    aside = index.parent / "first"
    aside.mkdir()
    (index / "lock").write_text("")
    first = start(["reindex", str(new.root)], index, Fault(), aside)
    _wait_for(lambda: f"process {first.pid} " in (index / "lock").read_text())
    os.kill(first.pid, signal.SIGSTOP)
    for _ in range(2):
        began = time.monotonic()
        ended = run(["reindex", str(new.root)], index)
        assert ended.code == 75
        assert f"another reindex of {index} is running (process {first.pid} " in ended.printed
        assert time.monotonic() - began < 30
    assert which(index, [old]) == old.name
    os.kill(first.pid, signal.SIGCONT)
    first.join()
    assert first.exitcode == 0
    assert which(index, [new]) == new.name


@pytest.mark.faults
def test_fifty_pairs_and_ten_triples_of_reindexers(
    fresh: Fresh, new: Edition, figures: Figures
) -> None:
    codes: Counter[int] = Counter()
    for number in [2] * 50 + [3] * 10:
        index = fresh()
        aside = [index.parent / f"{index.name}-{n}" for n in range(number)]
        for each in aside:
            each.mkdir()
        running = [start(["reindex", str(new.root)], index, Fault(), each) for each in aside]
        for process in running:
            process.join()
        found = [process.exitcode for process in running]
        assert set(found) <= {0, 75}
        assert found.count(0) >= 1
        assert which(index, [new]) == new.name
        codes.update(found)
    figures(
        f"reindexers at once: 50 pairs and 10 triples: {codes[0]} published or found it done, "
        f"{codes[75]} were told to wait (75); always one pointer and the new edition whole"
    )


def test_files_that_change_while_they_are_read_are_never_published_by_halves(
    tmp_path: Path, fresh: Fresh, old: Edition, new: Edition
) -> None:
    assert _changing(tmp_path, fresh, old, new, times=3)


@pytest.mark.faults
def test_files_that_change_while_they_are_read_sixty_times(
    tmp_path: Path, fresh: Fresh, old: Edition, new: Edition, figures: Figures
) -> None:
    published = _changing(tmp_path, fresh, old, new, times=60)
    figures(
        f"files rewritten while they are read: 60 reindexes of {EPISODES} files that change all "
        f"the time: {published[EPISODES]} published all of them, "
        f"{published.total() - published[EPISODES]} left out what kept changing and said so; each "
        "episode whole, of one edition"
    )


def _changing(tmp_path: Path, fresh: Fresh, old: Edition, new: Edition, times: int) -> Counter[int]:
    """How often so many episodes were published, while an editor rewrites them all the time."""
    index = fresh()
    mixed = edition("olden", tmp_path / "mixed")
    posts = sorted((mixed.root / "_posts" / "podcast").iterdir())
    texts = [[(e.root / "_posts" / "podcast" / p.name).read_text() for e in (old, new)]
             for p in posts]  # fmt: skip
    stop = threading.Event()
    chance = random.Random(4)
    published: Counter[int] = Counter()

    def rewrite() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            for post, versions in zip(posts, texts, strict=True):
                post.write_text(versions[turn % 2])
            time.sleep(chance.choice([0, 0.05, 0.5]))

    editor = threading.Thread(target=rewrite)
    editor.start()
    try:
        for turn in range(times):
            # By turns anew and from what was read before; the guard is not asked about either.
            shrinks = index.parent / "shrinks.toml"
            shrinks.write_text("[index]\nmax_shrink = 1.0\n")
            how = ["--force"] if turn % 2 else ["--config", str(shrinks)]
            ended = run(["reindex", str(mixed.root), *how], index)
            assert ended.code == 0, ended.printed
            searcher = open_engine(settings_for(index)).open()
            results = searcher.search(Request(per_page=EPISODES)).results
            left_out = ended.printed.count("warning file-changed")
            assert len(results) + left_out == EPISODES, ended.printed
            published[len(results)] += 1
            for episode in results:
                name = episode.title.text.rsplit(" ", 1)[1]
                found = searcher.search(Request(f"{name}moment{episode.number}", exact=True))
                assert [each.id for each in found.results] == [episode.id]
                assert episode.number is not None
                assert 720 + episode.number in found.results[0].timeline
    finally:
        stop.set()
        editor.join()
    return published


class _Client(threading.Thread):
    """Asks again and again, and looks whether an answer is of one generation."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__()
        self.address = urlsplit(url).netloc
        self.stop = stop
        self.seen: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        self.times: list[tuple[float, float]] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        turn = 0
        while not self.stop.is_set():
            turn += 1
            began = time.perf_counter()
            # Texts of their own, so that the server does not answer from memory.
            connection.request("GET", f"/api/v1/search?q=bell+tower{turn}&per_page=50")
            response = connection.getresponse()
            body = response.read()
            self.times.append((began, time.perf_counter() - began))
            if response.status != 200:
                self.wrong.append(f"{response.status}: {body[:200]!r}")
                continue
            answer = json.loads(body)
            names = {result["title"].rsplit(" ", 1)[1] for result in answer["results"]}
            if len(names) != 1 or len(answer["results"]) != EPISODES:
                self.wrong.append(f"{names} in {answer['index']}")
            else:
                self.seen[(answer["index"]["generation"], names.pop())] += 1
        connection.close()


@dataclass(frozen=True)
class _Load:
    """How many reindexes there were, and what clients saw: how many requests and generations, and
    the seconds that answers took, sorted, before the first reindex and from then on."""

    reindexes: int
    requests: int
    generations: int
    idle: list[float]
    during: list[float]


def _under_load(
    fresh: Fresh,
    old: Edition,
    new: Edition,
    reindexes: int,
    clients: int,
    requests: int = 0,
    idle_seconds: float = 0,
) -> _Load:
    """At least so many reindexes back to back, and one a second until there were so many
    requests since the first."""
    index = fresh()
    stop = threading.Event()
    with web_process(index) as server:
        asking = [_Client(server.url, stop) for _ in range(clients)]
        for client in asking:
            client.start()
        try:
            time.sleep(idle_seconds)
            first, turn = time.perf_counter(), 0
            before = sum(len(client.times) for client in asking)
            while turn < reindexes or (
                sum(len(client.times) for client in asking) - before < requests
            ):
                ended = run(["reindex", str((new, old)[turn % 2].root)], index)
                assert ended.code == 0, ended.printed
                turn += 1
                time.sleep(turn >= reindexes)
            last = (index / "current").read_text().split()[0]
            _wait_for(lambda: any(last in seen for seen in list(asking[0].seen)[-1:]))
        finally:
            stop.set()
            for client in asking:
                client.join()
    assert not [each for client in asking for each in client.wrong]
    seen = sum((client.seen for client in asking), Counter())
    editions = dict(seen)
    # A generation always answers with the same edition.
    assert len({generation for generation, _ in editions}) == len(editions)
    times = [each for client in asking for each in client.times]
    return _Load(
        reindexes=turn,
        requests=seen.total(),
        generations=len(editions),
        idle=sorted(taken for began, taken in times if began < first),
        during=sorted(taken for began, taken in times if began >= first),
    )


def _percentile(rising: list[float], percent: int) -> str:
    return f"{rising[len(rising) * percent // 100] * 1000:.0f} ms"


def test_a_server_answers_from_one_generation_at_a_time_while_others_are_published(
    fresh: Fresh, old: Edition, new: Edition
) -> None:
    load = _under_load(fresh, old, new, reindexes=2, clients=4)
    assert load.requests > 10
    assert load.generations >= 2


@pytest.mark.faults
def test_thirty_reindexes_and_more_under_sixteen_clients(
    fresh: Fresh, old: Edition, new: Edition, figures: Figures
) -> None:
    load = _under_load(fresh, old, new, reindexes=30, clients=16, requests=100_000, idle_seconds=30)
    # One that is replaced before the server looks is never served.
    assert load.generations > 10
    figures(
        f"under load: {load.reindexes} reindexes under 16 clients, 30 of them back to back "
        "and one a second from then on: "
        f"{load.requests:,} requests, 0 failed, 0 mixed generations; half within "
        f"{_percentile(load.during, 50)} and 99 % within {_percentile(load.during, 99)}, "
        f"in 30 s without a reindex {_percentile(load.idle, 50)} and {_percentile(load.idle, 99)}"
    )


def test_places_that_cannot_be_written_are_named(tmp_path: Path, new: Edition) -> None:
    (tmp_path / "file").write_text("")
    places = [tmp_path / "file", tmp_path / "file" / "index", Path("/proc/seekcast")]
    for index in places:
        command = [sys.executable, "-m", "index", "reindex", str(new.root), "--index", str(index)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert ended.returncode == 73, ended.stderr
        assert f"{index}: cannot write the index there" in ended.stderr
        assert "--index" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_place_that_does_not_exist_is_made(tmp_path: Path, new: Edition) -> None:
    index = tmp_path / "a" / "new" / "place"
    assert run(["reindex", str(new.root)], tmp_path / "other").code == 0
    command = [sys.executable, "-m", "index", "reindex", str(new.root), "--index", str(index)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    assert which(index, [new]) == new.name


@pytest.mark.faults
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_small_disk_that_grows_in_sixty_four_steps(
    tmp_path: Path, old: Edition, new: Edition, figures: Figures
) -> None:
    codes: Counter[int] = Counter()
    for step in range(1, 65):
        disk = tmp_path / f"disk{step}"
        disk.mkdir()
        kilobytes = 128 * step
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("a small disk cannot be mounted here")
        try:
            index = disk / "index"
            first = run(["reindex", str(old.root)], index, aside=tmp_path / "notes")
            second = run(["reindex", str(new.root)], index, aside=tmp_path / "notes")
            for ended, published in ((first, old), (second, new)):
                if ended.code:
                    assert ended.code == 74, ended.printed
                    assert " MB are free" in ended.printed or "No space" in ended.printed
                else:
                    assert published.name in (old.name, new.name)
                codes[ended.code] += 1
            if second.code == 0:
                assert which(index, [new]) == new.name
            elif first.code == 0:
                assert which(index, [old]) == old.name
        finally:
            # Lazily: what was asked a moment ago is still mapped.
            subprocess.run(["umount", "-l", str(disk)], check=True)
    assert codes[0]
    assert codes[74]
    figures(
        f"full disk: 64 disks of 128 KB to 8 MB, two reindexes on each: {codes[74]} times exit 74 "
        f"with the old index whole, {codes[0]} times published whole"
    )
