"""`python -m search.evaluate`: what judged queries say of the answers."""

import json
from pathlib import Path

import pytest

from search.evaluate import main

LIGHTHOUSES = "podcast/1-forty-lighthouses-report-in-every-minute-to-one-django-app"
SEEDS = "podcast/2-a-seed-bank-finds-one-jar-among-two-million"


def judged(folder: Path, queries: str, qrels: str) -> list[str]:
    """The two files, as arguments."""
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return [str(folder / "queries.jsonl"), str(folder / "qrels.tsv")]


def query(text: str, target: dict[str, str] | None = None) -> str:
    return json.dumps({"id": "a1", "query": text, "class": "topical", "target": target}) + "\n"


def test_the_best_answer_has_full_marks(
    tmp_path: Path, sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = {"episode": SEEDS, "stamp": "16:18"}
    files = judged(tmp_path, query("full text search postgres", target), f"a1\t{SEEDS}\t16:18\t3\n")

    assert main([*files, "--index", str(sample_index)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["class", "topical", "ALL"]
    assert lines[1].split()[1:] == ["1", "1.000", "1.000", "1.000", "1.000"]


def test_figures_stand_below_their_names_whatever_a_class_is_called(
    tmp_path: Path, sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = query("full text search").replace("topical", "half-remembered moments")
    files = judged(tmp_path, long, f"a1\t{SEEDS}\t16:18\t3\n")

    assert main([*files, "--index", str(sample_index)]) == 0

    assert len({len(line) for line in capsys.readouterr().out.splitlines()}) == 1


def test_figures_are_those_of_the_formula(tmp_path: Path, sample_index: Path) -> None:
    """Two episodes are judged, of which only the better one can be found: 3 and 1 are worth
    (2^3 - 1) / log2(2) + (2^1 - 1) / log2(3) = 7.631, found are 7. Its moment is another one."""
    qrels = f"a1\t{SEEDS}\t-\t3\na1\t{LIGHTHOUSES}\t-\t1\na1\t{SEEDS}\t1:00\t2\n"
    files = judged(tmp_path, query('"full text search"'), qrels)
    figures = tmp_path / "figures.jsonl"

    assert main([*files, "--index", str(sample_index), "--per-query", str(figures)]) == 0

    row = json.loads(figures.read_text(encoding="utf-8"))
    assert row["episode_ndcg"] == pytest.approx(7 / 7.6309, abs=1e-4)
    assert (row["moment_ndcg"], row["jump_at_1"], row["target_in_3"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("queries", "qrels", "said"),
    [
        (query("x"), f"a1 {SEEDS} - 3\n", r"qrels\.tsv:1: not `query, episode, time"),
        (query("x"), f"\na1\t{SEEDS}\t-\tbest\n", r"qrels\.tsv:2: not `query"),
        (query("x"), f"a1\t{SEEDS}\t16:18\t9999999999\n", r"qrels\.tsv:1: not `query"),
        ("[1]\n", f"a1\t{SEEDS}\t-\t3\n", r"queries\.jsonl:1: not a judged query"),
        ('{"id": "a1", "query": 1}\n', f"a1\t{SEEDS}\t-\t3\n", "Expected `str`, got `int`"),
        (query("x").replace('"topical"', "null"), f"a1\t{SEEDS}\t-\t3\n", "`$.class`"),
        ("[" * 100_000, f"a1\t{SEEDS}\t-\t3\n", r"queries\.jsonl:1: not a judged query"),
        ('{"id": "a1"}\n', f"a1\t{SEEDS}\t-\t3\n", r"queries\.jsonl:1: not a judged query"),
        (query("x"), "a1\tother/1\t-\t3\n", "none of the 1 judged episodes is in the index of"),
    ],
)
def test_files_that_cannot_be_measured_with_are_refused_by_place(
    tmp_path: Path,
    sample_index: Path,
    capsys: pytest.CaptureFixture[str],
    queries: str,
    qrels: str,
    said: str,
) -> None:
    code = main([*judged(tmp_path, queries, qrels), "--index", str(sample_index)])

    assert code == 64
    assert said.replace("\\", "") in capsys.readouterr().err


def test_a_missing_file_is_named(
    tmp_path: Path, sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = judged(tmp_path, query("x"), "")

    assert main([files[0], str(tmp_path / "nosuch"), "--index", str(sample_index)]) == 64
    assert f"{tmp_path / 'nosuch'}: no such judgements file" in capsys.readouterr().err
