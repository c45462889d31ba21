"""A show whose every text tries to become markup, a script or a link, and its harmless twin."""

import json
from pathlib import Path

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<!--",
    "]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;",
    "<mark>fake</mark>",
    '<b class="match term0">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    '![x](x "onerror=alert(1)")',
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example>",
    "{{83*97}} {{config}} ${83*97} #{83*97}",
    "{% raw %}",
    '{% include "/etc/passwd" %}',
    "%s%s%n {0.__class__}",
    "\u202egnp.exe",
    "w" * 10_000,
    "AT&T &amp; \N{FAMILY} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
]
LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:alert(1)",
    " javascript:alert(1)",
    "\tjavascript:alert(1)",
    "//evil.example/a.mp3",
    "https:evil.example",
    "https://user:pw@evil.example/",
    "http://[::1",
    "\\\\evil.example\\x",
    "/\\evil.example",
    "file:///etc/passwd",
    "ftp://evil.example/x",
    'https://a.example/#"><script>alert(1)</script>',
    "t=1;alert(1)",
    "t=-5 t=1e99 t=99:99:99",
    "next=//evil.example",
    "next=https:evil.example",
    "https://a.example/%0d%0aSet-Cookie:x",
]
PAYLOADS = [*MARKUP, *LINKS]


def write_hostile_show(root: Path, site: str) -> Path:
    """One episode for each payload, which is in all its texts and, where it can be, its links."""
    return _write(root, site, PAYLOADS)


def write_harmless_twin(root: Path, site: str) -> Path:
    """The same show with a word in the place of each payload."""
    return _write(root, site, [f"harmless{number}" for number in range(len(PAYLOADS))])


def _write(root: Path, site: str, payloads: list[str]) -> Path:
    folder = root / "_posts" / "podcast"
    folder.mkdir(parents=True)
    title = json.dumps(f"The Lantern {payloads[0]}")
    (root / "_config.yml").write_text(
        f'title: {title}\nurl: "{site}"\npermalink: "/:categories/:slug"\n'
        f'mp3_url_path: "{site}/audio/lantern-"\n'
    )
    for number, payload in enumerate(payloads, 1):
        name = f"2024-01-{number % 28 + 1:02}-{number}-lantern.md"
        (folder / name).write_text(_episode(number, payload), encoding="utf-8")
    return root


def _episode(number: int, payload: str) -> str:
    fields = {
        "title": f"Lantern {number} {payload}",
        "description": f"Lantern talk {payload}",
        "guest": f"Guest {number} {payload}",
        "guest_website": payload if payload in LINKS else "https://guest.example/",
        "category": "podcast",
        "tags": [f"lamp {payload}"[:90]],
        "mp3_duration": "1:00:00",
        "mp3_bytes": "60000000",
    }
    if payload in LINKS:
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
