"""The inputs that the product is held to, each with its number: what is sent where.

Numbers 1–174 are queries, parameters, requests and markup; 229–250 topic lines, log entries and
what an administrator might expect. The tests that draw from a table try each row of it; `TRIED`
and `NOT_FOR` say which rows on which face, and a test holds them to the whole list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search.request import MAX_CHARACTERS, MAX_TERMS

NUMBERS = frozenset({*range(1, 175), *range(229, 251)})

TEXTS: dict[int, tuple[str, ...]] = {
    2: (" ",),
    3: ("*",),
    4: ("*:*",),
    5: ("?",),
    6: ('"',),
    7: ('""',),
    8: ('"a',),
    9: ("'",),
    10: ("(",),
    11: (")",),
    12: ("()",),
    13: ("((((a",),
    14: ("a))))",),
    15: ("[",),
    16: ("]",),
    17: ("[TO]",),
    18: ("[a TO",),
    19: ("{a TO b}",),
    20: ("date:[[TO]",),
    21: ("date:[ [2020 TO]",),
    22: ("date:2024-02-30", "before:2024-02-30", "after:0000-00-00"),
    23: ("date:yesterday", "before:yesterday"),
    24: ("date:", "before:", "year:"),
    25: ("n:abc", "year:abc"),
    26: ("n:99999999999999999999", "year:99999999999999999999"),
    27: ("n:1e999",),
    28: ("nosuch:x",),
    29: (":",),
    30: ("a:", "tag:"),
    31: (":a",),
    32: ("url: something",),
    33: ("http:",),
    34: ("NOT",),
    35: ("NOT OR foobar",),
    36: ("(NOT a)",),
    37: ("( NOT NOT { ~2",),
    38: ("AND AND",),
    39: ("a AND",),
    40: ("OR b",),
    41: ("a^",),
    42: ("a^-1",),
    43: ("a^1e9",),
    44: ("a~",),
    45: ("a~99",),
    46: ('"a b"~999999',),
    47: ("\\",),
    48: ("a\\",),
    49: ("+",),
    50: ("-",),
    51: ("--a",),
    52: ("-a",),
    53: ("+-a",),
    54: ("the and of",),
    55: ("C++", ".NET", "don't", "AT&T"),
    56: ("%", "%25", "%00"),
    57: ("a\0b", "\0"),
    58: ("\u202e", "\u200b", "\ufeff"),
    59: ("😀", "👩\u200d👩\u200d👧", "e" + "\u0301" * 20),
    60: ("数据库", "قاعدة بيانات", "ฐานข้อมูล"),
    72: ("*a*",),
    73: ("a*",),
    74: ("????????",),
    75: ("*a*b*c*d*",),
    76: ("[a TO z]",),
    77: ("comon~9",),
    78: ('r"(a+)+$"', "/(a+)+$/"),
    79: ("ø" * 150, "数" * 200),
    243: ("a\nINFO forged",),
    244: ("\x1b[2J",),
    245: ("a\u2028b",),
}
"""Query texts: searched as words, whatever they are."""

BYTES: dict[int, str] = {
    61: "q=%ff%fe",
    62: "q=%ed%a0%80",
}
"""Query strings that are no text: searched as something."""

TOO_MUCH: dict[int, tuple[str, int, str]] = {
    63: ("a" * 201, 400, "query_too_long"),
    64: ("a" * 100_000, 414, "uri_too_long"),
    65: ("[" * 20_000, 414, "uri_too_long"),
    66: ("(" * 20_000, 414, "uri_too_long"),
    67: ('"' * 5_001, 414, "uri_too_long"),
    68: ("(" * 2_000 + ")" * 2_000, 414, "uri_too_long"),
    69: ("NOT " * 3_000, 414, "uri_too_long"),
    70: (" ".join(["a"] * 17), 400, "too_many_terms"),
    71: (" OR ".join(["a"] * 1_000), 400, "query_too_long"),
    80: (" " * 20_000, 414, "uri_too_long"),
    246: ("a" * 4_096, 400, "query_too_long"),
}
"""Query texts that are refused before they are read: text, status, code."""

BAD_PARAMETERS: dict[int, tuple[str, str, str]] = {
    81: ("q=a&page=0", "page", "bad_parameter"),
    82: ("q=a&page=-1", "page", "bad_parameter"),
    83: ("q=a&page=1e9", "page", "bad_parameter"),
    84: ("q=a&page=abc", "page", "bad_parameter"),
    85: ("q=a&page=%D9%A3", "page", "bad_parameter"),
    86: ("q=a&page=1.5", "page", "bad_parameter"),
    87: ("q=a&page=", "page", "bad_parameter"),
    88: ("q=a&page=1&page=2", "page", "repeated_parameter"),
    89: ("q=a&per_page=0", "per_page", "bad_parameter"),
    90: ("q=a&per_page=1000000", "per_page", "bad_parameter"),
    91: ("q=a&page=" + "1" * 4_301, "page", "bad_parameter"),
    92: ("q=a&sort=__class__", "sort", "bad_parameter"),
    93: ("q=a&sort=date;drop", "sort", "bad_parameter"),
    95: ("&".join(["tag=a"] * 1_000), "tag", "repeated_parameter"),
    96: ("q=a&from=2024-13-01", "from", "bad_parameter"),
    97: ("q=a&from=2024-02-01&to=2024-01-01", "from", "bad_parameter"),
    99: ("q=a&q=b", "q", "repeated_parameter"),
    103: ("q=a&page=21&per_page=50", "page", "window"),
}
"""Query strings with an impossible value, the parameter that both faces name, and the code."""

UNKNOWN_PARAMETERS: dict[int, tuple[str, str]] = {
    94: ("q=a&facet=../../etc", "facet"),
    98: ("q[]=a", "q[]"),
    100: ("q=a&callback=alert(1)", "callback"),
    101: ("q=a&format=xml", "format"),
    102: ("q=a&nosuch=1", "nosuch"),
    170: ("q=a&t=1;alert(1)", "t"),
    171: ("q=a&t=99:99:99", "t"),
    172: ("q=a&next=//evil", "next"),
    173: ("q=a&next=https:evil", "next"),
}
"""Query strings with a parameter that there is not: the endpoint names it, the page passes over
it (a link may have picked up `utm_source` on its way)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to both faces (`?q=a`), the status of the answer, and headers it has (`None`: the
    header is not there)."""

    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    status: int = 200
    query: str = "?q=a"
    body: bytes = b""
    has: Mapping[str, str | None] = field(default_factory=dict)


_ALLOW = "GET, HEAD, OPTIONS"
REQUESTS: dict[int, tuple[Sent, ...]] = {
    104: (Sent({"Content-Type": "application/json"}, body=b'{"q": "other"}'),),
    105: tuple(
        Sent(method=method, status=405, has={"Allow": _ALLOW})
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE")
    ),
    106: (Sent(method="HEAD"),),
    107: (Sent(method="OPTIONS", has={"Allow": _ALLOW}),),
    108: (Sent({"Host": "evil.example"}, status=400),),
    109: (Sent({"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}),),
    110: (Sent({"X-Forwarded-For": "1.1.1.1, junk"}),),
    111: (Sent({"X-HTTP-Method-Override": "DELETE"}),),
    112: (Sent({"Accept": "text/html"}), Sent({"Accept": "application/json"})),
    113: tuple(
        Sent({"Accept-Encoding": value}, has={"Content-Encoding": None})
        for value in ("gzip;q=0", "nonsense", "", ",,,;q=x", "identity")
    ),
    114: (Sent({"Range": "bytes=0-"}, has={"Content-Range": None}),),
    121: (
        Sent({"If-None-Match": "*"}, status=304),
        *(Sent({"If-None-Match": junk}) for junk in ('"', "junk", 'W/"x"', "*x", "'")),
    ),
    122: (Sent({"Cookie": "a=" + "x" * 8_000}),),
    123: (Sent({"Origin": "null"}, has={"Access-Control-Allow-Credentials": None}),),
    124: (
        Sent({"Origin": "https://evil.example"}, has={"Access-Control-Allow-Credentials": None}),
    ),
    125: (
        Sent(
            {
                "Origin": "https://site.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "X-Odd, \t, authorization",
            },
            method="OPTIONS",
            has={"Access-Control-Allow-Headers": None},
        ),
    ),
    174: (Sent(query="?q=a%0d%0aSet-Cookie:x&tag=b%0d%0aX-Evil:1", has={"X-Evil": None}),),
}
"""Requests as a library sends them."""

_LAST = b"Host: localhost\r\nConnection: close\r\n\r\n"
RAW: dict[int, tuple[tuple[bytes, tuple[int, ...]], ...]] = {
    115: (
        (b"GET %s?q=a HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n" + _LAST, (200,)),
        (b"GET %s?q=a HTTP/1.1\r\nX: " + b"a" * 300_000 + b"\r\n" + _LAST, (431,)),
    ),
    116: ((b"GET %s?q=" + b"a" * 65_536 + b" HTTP/1.1\r\n" + _LAST, (414,)),),
    117: ((b"GET %s?q=a HTTP/1.1\r\nHost: loc", ()),),
    118: (
        (
            b"GET %s?q=a HTTP/1.1\r\nHost: localhost\r\n\r\nGET %s?q=b HTTP/1.1\r\n" + _LAST,
            (200, 200),
        ),
    ),
    119: (
        (
            b"POST %s?q=a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Length: 4\r\n\r\n0\r\n\r\nGET %s?q=b HTTP/1.1\r\n" + _LAST,
            (400,),
        ),
    ),
    120: ((b"GET %s?q=a HTTP/1.1\r\nContent-Length: 52428800\r\n" + _LAST, (413,)),),
    126: ((b"GET //evil.example/%%2f..%s HTTP/1.1\r\n" + _LAST, (404,)),),
}
"""Bytes on the wire (`%s` is the face's path), and the statuses of the answers they get."""

MISSING: dict[int, tuple[str, ...]] = {
    126: ("/%2f%2fevil.example", "/search/", "/search/../search", "/.env"),
    247: ("/reindex", "/admin", "/debug", "/console", "/api/v1/reindex"),
    250: (
        "/static/..%2f..%2fetc/passwd",
        "/search/static/..%2f..%2f..%2fetc/passwd",
        "/search/static/../app.py",
        "/search/static/%2e%2e/app.py",
    ),
}
"""Addresses at which there is nothing, by any method."""

MARKUP: dict[int, tuple[str, ...]] = {
    127: ("<script>alert(1)</script>",),
    128: ("<img src=x onerror=alert(1)>",),
    129: ('"><svg/onload=alert(1)>',),
    130: ("' onmouseover='alert(1)",),
    131: ("</title><script>alert(1)</script>",),
    132: ("</script><script>alert(1)</script>",),
    133: ("</textarea><script>alert(1)</script>",),
    134: ("<!--",),
    135: ("]]>",),
    136: ("&lt;script&gt;alert(1)&lt;/script&gt;",),
    137: ("&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;",),
    138: ("<mark>fake</mark>",),
    139: ('<b class="match term0">',),
    140: ('<iframe srcdoc="<script>alert(1)</script>"></iframe>',),
    141: (
        "<math><mtext><table><mglyph><style><!--</style>"
        '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    ),
    142: ("<a href=javascript:alert(1)>x</a>",),
    143: ("[x](javascript:alert(1))",),
    144: ("[x](JaVaScRiPt:alert(1))",),
    145: ("[x](java&#10;script:alert(1))",),
    146: ('![x](x "onerror=alert(1)")',),
    147: ("<style>*{display:none}</style>",),
    148: ("<base href=//evil.example>",),
    149: ("<meta http-equiv=refresh content=0;url=//evil.example>",),
    150: ("<form action=//evil.example>",),
    151: ("{{83*97}} {{config}} ${83*97} #{83*97}", "{% raw %}"),
    152: ('{% include "/etc/passwd" %}',),
    # And what every object in JavaScript has, as the name of something.
    153: ("%s%s%n {0.__class__}", "__proto__ constructor &constructor; toString"),
    154: ("\u202egnp.exe",),
    155: ("w" * 10_000,),
    156: ("AT&T &amp; \N{FAMILY} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",),
}
LINKS: dict[int, tuple[str, ...]] = {
    157: ("javascript:alert(1)",),
    158: ("data:text/html,<script>alert(1)</script>",),
    159: ("vbscript:alert(1)",),
    160: (" javascript:alert(1)", "\tjavascript:alert(1)"),
    161: ("//evil.example/a.mp3",),
    162: ("https:evil.example",),
    163: ("https://user:pw@evil.example/",),
    164: ("http://[::1",),
    165: ("\\\\evil.example\\x",),
    166: ("/\\evil.example",),
    167: ("file:///etc/passwd",),
    168: ("ftp://evil.example/x",),
    169: ('https://a.example/#"><script>alert(1)</script>',),
    170: ("t=1;alert(1)",),
    171: ("t=-5 t=1e99 t=99:99:99",),
    172: ("next=//evil.example",),
    173: ("next=https:evil.example",),
    174: ("https://a.example/%0d%0aSet-Cookie:x",),
}
CONTENT = MARKUP | LINKS
"""What tries to become markup or a link: in every text of an episode, and as the query."""

_FENCE = "```\n- 5:00 -- Lantern in a fence\n"
TOPIC_LINES: dict[int, tuple[str, ...]] = {
    229: ("- " + "00:00 " * 50_000,),
    230: (" " * 50_000 + "- 1:00 -- a",),
    231: ("- " + "((((" * 10_000,),
    232: ("- " + "1:" * 50_000,),
    233: ("- 99:99 -- Lantern",),
    234: ("- -1:00 -- Lantern",),
    235: ("- 1:60 -- Lantern",),
    236: ("- 9:00 -- Lantern\n- 2:00 -- Lantern\n- 2:00 -- Lantern\n- 99:00:00 -- Lantern",),
    237: ("- １２：３０ -- Lantern",),
    238: ("- [00:01](#t=1) **x lantern",),
    239: ("\n".join(f"- {n // 60}:{n % 60:02} -- Lantern {n}" for n in range(10_000)),),
    240: ("- 1:00 -- \n- 2:00\n- 3:00 --",),
    241: (
        "| 1:00 | Lantern |\n|---|---|\n" + "".join("  " * n + "- 1:00 -- a\n" for n in range(50)),
    ),
    242: (_FENCE, _FENCE * 2_000),
}
"""Bodies of episodes, and, as far as they go, queries."""


def as_query(text: str) -> str:
    """As much of a text as a query may be."""
    typed = text[:MAX_CHARACTERS]
    words = typed.split()
    return typed if len(words) <= MAX_TERMS else " ".join(words[:MAX_TERMS])


def number_of(tables: Iterable[Mapping[int, object]]) -> frozenset[int]:
    """All the numbers in some tables."""
    return frozenset(number for table in tables for number in table)


_QUERIES = (TEXTS, TOO_MUCH, CONTENT, TOPIC_LINES)
_REQUESTED = (BYTES, BAD_PARAMETERS, UNKNOWN_PARAMETERS, REQUESTS, RAW, MISSING)
# 1: no query at all; 248: /metrics; 249: the debugger. Each has tests of its own on these faces.
_SERVER = {1: "", 248: "", 249: ""}

TRIED: dict[str, frozenset[int]] = {
    "endpoint": number_of((*_QUERIES, *_REQUESTED, _SERVER)),
    "page": number_of((*_QUERIES, *_REQUESTED, _SERVER)),
    "box": number_of((*_QUERIES, {1: ""})),
}

NOT_FOR: dict[str, dict[str, frozenset[int]]] = {
    "endpoint": {},
    "page": {},
    "box": {
        "a browser sends text, never bytes that are none": frozenset(BYTES),
        "the box sends only parameters of its own and the form's": frozenset(range(81, 104)),
        "a script in a browser cannot send it": frozenset({104, *range(105, 127)}),
        "not an address the box asks": frozenset({247, 248, 249, 250}),
    },
}
"""Rows that cannot come to a face, and why."""
