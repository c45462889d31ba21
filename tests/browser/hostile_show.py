"""A show whose every text tries to become markup, a script or a link, and its harmless twin."""

import json
from pathlib import Path

from tests.inputs import CONTENT, LINKS, TOPIC_LINES

PAYLOADS = [payload for payloads in CONTENT.values() for payload in payloads]
_LINKS = {link for links in LINKS.values() for link in links}


def write_hostile_show(root: Path, site: str) -> Path:
    """One episode for each payload, which is in all its texts and, where it can be, its links."""
    return _write(root, site, PAYLOADS)


def write_harmless_twin(root: Path, site: str) -> Path:
    """The same show with a word in the place of each payload."""
    return _write(root, site, [f"harmless{number}" for number in range(len(PAYLOADS))])


def write_odd_lines(root: Path, site: str) -> Path:
    """One episode for each odd body."""
    folder = _folder(root, site, "The Lantern")
    bodies = [(number, body) for number, bodies in TOPIC_LINES.items() for body in bodies]
    for place, (number, body) in enumerate(bodies, 1):
        text = (
            f"---\ntitle: Lantern odd line {number}\nguest: Ada Moor\nmp3_duration: '1:00:00'\n"
            f"---\n\n## Topics Include\n\n- 0:10 -- Lantern\n{body}\n"
        )
        (folder / f"2024-01-{place:02}-{place}-lantern.md").write_text(text, encoding="utf-8")
    return root


def _write(root: Path, site: str, payloads: list[str]) -> Path:
    folder = _folder(root, site, f"The Lantern {payloads[0]}")
    for number, payload in enumerate(payloads, 1):
        name = f"2024-01-{number % 28 + 1:02}-{number}-lantern.md"
        (folder / name).write_text(_episode(number, payload), encoding="utf-8")
    return root


def _folder(root: Path, site: str, title: str) -> Path:
    folder = root / "_posts" / "podcast"
    folder.mkdir(parents=True)
    (root / "_config.yml").write_text(
        f'title: {json.dumps(title)}\nurl: "{site}"\npermalink: "/:categories/:slug"\n'
        f'mp3_url_path: "{site}/audio/lantern-"\n'
    )
    return folder


def _episode(number: int, payload: str) -> str:
    fields = {
        "title": f"Lantern {number} {payload}",
        "description": f"Lantern talk {payload}",
        "guest": f"Guest {number} {payload}",
        "guest_website": payload if payload in _LINKS else "https://guest.example/",
        "category": "podcast",
        "tags": [f"lamp {payload}"[:90]],
        "mp3_duration": "1:00:00",
        "mp3_bytes": "60000000",
    }
    if payload in _LINKS:
        fields["audio"] = payload
    # JSON is YAML: every payload is quoted, and arrives as it was meant.
    front = "\n".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()
    )
    line = payload.replace("\n", " ")
    return (
        f"---\n{front}\n---\n\nA lantern that says {line} all night.\n\n"
        f"## Topics Include\n\n- 1:00 -- Lantern oil and {line}\n- 20:00 -- Wicks {line}\n"
        f"\n## Links\n\n- [A lantern]({line})\n"
    )
