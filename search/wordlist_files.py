"""The files of curated words, read and checked: the two that are shipped, and a show owner's own.

What they mean is search.wordlists' matter. The thesaurus is plain lines, as it is long and read at
each start:

    [near]
    outage, downtime, went down
"""

from array import array
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from search.errors import BadSetting
from search.text_files import read_text, read_toml

_SHIPPED = Path(__file__).with_name("words")

Names = tuple[str, ...]
"""Names as they are written."""


Relation = Literal["alias", "near", "related", "toward", "alike"]


class Rule(Struct, frozen=True, gc=False):
    """The names that go by others, these others, and how."""

    relation: Relation
    sources: Names
    targets: Names

    @property
    def targets_by_relation(self) -> tuple[tuple[str, Names], ...]:
        """All that a name leads `toward` is related, and the first, the nearest, near."""
        if self.relation == "toward":
            return ("near", self.targets[:1]), ("related", self.targets)
        return ((self.relation, self.targets),)


class RuleLines:
    """Rules as the lines that they stand in, each taken apart when it is asked for: which few are,
    and thousands of objects would take ten times the memory."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._begins = array("I")
        self._relations = bytearray()

    def append(self, relation: int, begin: int) -> None:
        """One more (a number of _RELATIONS), of the line that begins there."""
        self._begins.append(begin)
        self._relations.append(relation)

    def __len__(self) -> int:
        return len(self._begins)

    def __iter__(self) -> Iterator[Rule]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> Rule:
        begin = self._begins[number]
        line = self._text[begin : self._text.index("\n", begin)]
        relation = _RELATIONS[self._relations[number]]
        first, *rest = map(_names, line.split("=>"))
        others = rest[0] if rest else first
        return (
            Rule(relation, others, first + others)
            if relation == "alike"
            else Rule(relation, first, others)
        )


_RELATIONS: tuple[Relation, ...] = ("near", "related", "toward", "alike")


class Thesaurus(NamedTuple):
    """What stands in the thesaurus, each in the order of its lines; its file explains it."""

    rules: RuleLines
    irregular: list[Names]
    kin: list[Names]
    apart: list[list[Names]]
    common: list[str]
    asking: list[str]
    light: list[str]


_SAMPLES = {
    "near": "outage, downtime, went down",
    "related": "outage, incident, crash",
    "toward": "down => outage, downtime",
    "kinds": "monitoring tool, monitoring => nagios, zabbix",
    "irregular": "buy, bought",
    "kin": "pay, payment",
    "apart": "book, books | booking, bookings",
    "common": "how, what, which",
    "asking": "how, what, why",
    "light": "keep, handle, good",
}
"""Lines as they are written in each section."""
_ALONE = ("common", "asking", "light")
"""Lists of words that have nothing to do with each other: one in a line will do."""


@lru_cache(maxsize=1)
def shipped_aliases() -> list[Rule]:
    """The shipped aliases, then words as they are written in Britain and in America."""
    path = _SHIPPED / "aliases.toml"
    document = read_toml(path, "aliases")
    spelling = document.get("spelling", {}).get("words", ())
    for pair in spelling:
        if not _are_texts(pair) or len(pair) != 2:
            raise BadSetting(f"{path}: spelling {pair!r} is not a pair of words")
    return [
        *_alias_rules(document, path),
        *(Rule("alias", tuple(pair), tuple(pair)) for pair in spelling),
    ]


@lru_cache(maxsize=1)
def thesaurus() -> Thesaurus:
    """The shipped thesaurus."""
    return read_thesaurus(_SHIPPED / "thesaurus.txt")


def read_thesaurus(path: Path) -> Thesaurus:
    """A thesaurus. Raises BadSetting with the line of what is wrong in it."""
    text = read_text(path, "thesaurus") + "\n"
    read = Thesaurus(RuleLines(text), [], [], [], [], [], [])
    section, end = "", 0
    for number, written in enumerate(text.split("\n"), 1):
        begin, end = end, end + len(written) + 1
        line = written.strip()
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            section = line.strip("[]")
            if section not in _SAMPLES:
                raise BadSetting(f"{path}:{number}: {line} is not known; choose from {_sections()}")
            continue
        if not section:
            raise BadSetting(f"{path}:{number}: {line!r} stands above the first of {_sections()}")
        if not _is_line_of(section, line):
            raise BadSetting(
                f"{path}:{number}: {line!r} is no line of [{section}]; write it like "
                f"`{_SAMPLES[section]}`"
            )
        match section:
            case "near" | "related" | "toward":
                read.rules.append(_RELATIONS.index(section), begin)
            case "kinds":
                read.rules.append(_RELATIONS.index("related"), begin)
                read.rules.append(_RELATIONS.index("alike"), begin)
            case "apart":
                read.apart.append(list(map(_names, line.split("|"))))
            case _:
                names = _names(line)
                getattr(read, section).extend(names if section in _ALONE else [names])
    return read


def _sections() -> str:
    return ", ".join(f"[{section}]" for section in _SAMPLES)


def _is_line_of(section: str, line: str) -> bool:
    """Whether names are parted in a line as in the sample of its section."""
    sample = _SAMPLES[section]
    sides, families = line.count("=>"), "|" in line
    alike = sides == sample.count("=>") and families == ("|" in sample)
    return alike and bool(sides or families or "," in line or section in _ALONE)


def _names(text: str) -> Names:
    return tuple(map(str.strip, text.split(",")))


def own_aliases(path: Path) -> tuple[list[str], list[Rule]]:
    """An owner's file: the names to leave out of the shipped aliases, and more aliases. Raises
    BadSetting."""
    document = read_toml(path, "aliases")
    for name, value in document.items():
        if name not in ("alias", "drop"):
            raise BadSetting(f"{path}: {name!r} is not known there; write `alias` or `drop`")
        if not isinstance(value, list):
            raise BadSetting(f"{path}: {name} = {value!r} is not a list")
    dropped = document.get("drop", [])
    if not _are_texts(dropped):
        raise BadSetting(f"{path}: drop = {dropped!r} is not a list of names")
    return dropped, _alias_rules(document, path)


def _alias_rules(document: Mapping[str, Any], path: Path) -> list[Rule]:
    rules = []
    for entry in document.get("alias", ()):
        match entry:
            case {"names": names} if _are_texts(names):
                rules.append(Rule("alias", tuple(names), tuple(names)))
            case {"from": sources, "to": targets} if _are_texts(sources) and _are_texts(targets):
                rules.append(Rule("alias", tuple(sources), tuple(targets)))
            case _:
                raise BadSetting(
                    f"{path}: alias {entry!r} has neither `names` nor `from` and `to` "
                    "(lists of names)"
                )
    return rules


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
