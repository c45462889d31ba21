"""What an episode is filed under: its guests, tags and categories, as front matter lists them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.front_matter import FrontMatter
from index.site import Site
from index.values import as_names, as_slug, as_text
from search.episode import Tag

# In the languages of shows that were read; `invite` alone is rather an address.
_GUEST = re.compile(
    r"(guests?|gast|gäste|gaeste|gasten|invitée?s?|invitad[oa]s?|ospit[ei]|convidad[oa]s?)"
    r"(?:_?(?:[0-9]{1,2}|names?))?\Z",
    re.IGNORECASE,
)
_AND = re.compile(r" (?:&|and|und|et|y|en|og|och) |; ?")
_ROLE = re.compile(r"\S (?:at|of|@) \S")
_IN_BRACKETS = re.compile(r"\([^()]{0,300}\)")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{0,300}\)|</?[a-zA-Z][^<>]{0,300}>")


def guests_of(values: Mapping[str, Any], people: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the guests, each once; of those who are called by a short one, as `people` says
    (see index.people)."""
    names: list[str] = []
    for key, value in values.items():
        found = _GUEST.match(key)
        if not found:
            continue
        parts = as_names(value)
        roles = _has_roles(parts)
        if isinstance(value, str):
            parts = [name for part in parts for name in _AND.split(part)]
        # `guest: Ann Lee, Bo Ek` are two people; `guest: Ann Lee, PhD`, what Ann Lee is in small
        # letters, and `CTO at Acme` is one.
        whole = isinstance(value, str) and found[1].lower() != "guests"
        if whole and (roles or not all(map(_is_full_name, parts))):
            parts = [as_text(value)]
        names += parts
    names = [_LINK.sub(r"\1", name).strip() for name in names]
    return tuple(dict.fromkeys(people.get(name, name) for name in names if name))


def _is_full_name(part: str) -> bool:
    return " " in part and not part[0].islower()


def _has_roles(parts: Sequence[str]) -> bool:
    """Whether what stands behind a comma is what someone is: `CTO at Acme`. Nobody's role stands
    first, in `Ann Lee of Acme, Bo Ek of Initech` there is none, nor in `Ann Lee (CTO at Acme)`."""
    first, *others = [bool(_ROLE.search(_IN_BRACKETS.sub("", part))) for part in parts] or [True]
    return not first and any(others)


def listed_tags(front: FrontMatter, site: Site) -> list[tuple[Tag, int]]:
    """The tags, each with its line, as they are listed: some perhaps more than once."""
    key = "tags" if "tags" in front.values else "tag"
    value = front.values.get(key)
    listed: list[tuple[Tag, int]] = []
    for place, item in enumerate(value if isinstance(value, list) else [value]):
        line = front.line(key, place if isinstance(value, list) else None)
        # An item of a list is one tag, blanks and all.
        whole = isinstance(value, list) and isinstance(item, str)
        names = [as_text(item)] if whole else as_names(item, by_space=site.names_by_space)
        listed += [(_tag(name, site), line) for name in names if name]
    return listed


def _tag(name: str, site: Site) -> Tag:
    slug = name if name in site.tag_names else as_slug(name) or name
    return Tag(slug, site.tag_names.get(slug, (name,))[0])


def categories_of(path: str, values: Mapping[str, Any], site: Site) -> tuple[str, ...]:
    """All categories, in the order of Jekyll's addresses."""
    above = site.categories_above(path)
    more = as_names(values.get("categories"), by_space=site.names_by_space)
    return tuple(dict.fromkeys((*above, *more, *as_names(values.get("category")))))


def category_of(path: str, values: Mapping[str, Any], site: Site) -> str | None:
    """The one it is filed under: what `category` says, else `categories`, else its folder."""
    named = as_names(values.get("category"))
    own = as_names(values.get("categories"), by_space=site.names_by_space)
    return next(iter((*named, *own, *categories_of(path, values, site))), None)
