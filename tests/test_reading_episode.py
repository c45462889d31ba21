"""From one file to one episode: addresses, tags, guests, audio, moments and prose."""

import os
from datetime import date
from pathlib import Path

import pytest

from index.reader import read_site
from search.episode import Episode, Tag
from search.settings import Settings, load_settings
from tests.small_site import EPISODE, NAME, read_one, said, write_site

TAGS = 'tags:\n  - "python"\n  - "redis"\n'
GUEST = 'guest: "Ada Lovell"'
CATEGORY = 'category: "podcast"'


def episode_of(root: Path, text: str) -> Episode:
    reading = read_one(root, text)
    assert reading.left_out == ()
    (episode,) = reading.show.episodes
    return episode


def in_folder(root: Path, files: dict[str, str], **flags: str) -> list[Episode]:
    """The episodes of a plain folder of Markdown; keywords are settings of [site]."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
        # What was written just now is waited for.
        os.utime(root / name, (1e9, 1e9))
    settings = load_settings(flags={f"site.{name}": value for name, value in flags.items()})
    return list(read_site(root, settings).show.episodes)


def test_an_episode_is_all_that_its_file_says(tmp_path: Path) -> None:
    episode = episode_of(tmp_path, EPISODE)
    assert episode.id == "podcast/7-a-bell-that-rings-itself"
    assert episode.path == NAME
    assert episode.url == "https://tower.example/podcast/7-a-bell-that-rings-itself"
    assert episode.audio_url == "https://tower.example/audio/tower-7.mp3"
    assert (episode.number, episode.category, episode.duration) == (7, "podcast", 3993)
    assert episode.title == "A Bell That Rings Itself"
    assert episode.description == "Ada Lovell lets a bell ring at sunrise."
    assert episode.date == date(2024, 3, 4)
    assert episode.guests == ("Ada Lovell",)
    assert episode.tags == (Tag("python", "python"), Tag("redis", "redis"))
    assert [(m.start, m.end, m.text) for m in episode.moments] == [
        (96, 724, "Why a bell needs a computer"),
        (724, 2312, "Ropes, motors and Redis"),
        (2312, 3810, "Full text search of peals"),
        (3810, 3993, "Best tips? Wear ear plugs"),
    ]
    assert episode.paragraphs == ("In this episode Ada Lovell rings a bell.",)
    assert episode.links == ("https://bells.example/", "Ringing for beginners")


def test_no_word_of_a_moment_is_lost_though_it_is_long(tmp_path: Path) -> None:
    """What is too much for one moment is found as the episode's text."""
    words = [f"word{number}" for number in range(3000)]
    spoken = "\n\n".join(" ".join(words[place : place + 70]) for place in range(0, 3000, 70))
    bodies = {
        "line.md": f"# A line\n\n- 1:00 -- {' '.join(words)}\n- 2:00 -- The end\n",
        "heading.md": f"# A heading\n\n## 1:00 Talk\n\n{spoken}\n\n## 2:00 The end\n",
    }
    for episode in in_folder(tmp_path, bodies):
        (long, _) = [moment.text for moment in episode.moments]
        assert 7_900 < len(long) <= 8_000
        found = " ".join([long, *episode.paragraphs]).split()
        assert sorted(word for word in found if word.startswith("word")) == sorted(words)


GUESTS = {
    'guest: "Ada Lovell"\nguest_2: "Bo Ek"': ("Ada Lovell", "Bo Ek"),
    'guests: ["Ada Lovell", "Bo Ek"]': ("Ada Lovell", "Bo Ek"),
    "guests:\n  - name: Ada Lovell\n  - name: Bo Ek": ("Ada Lovell", "Bo Ek"),
    "guest1: Ada Lovell\nguest2: Bo Ek": ("Ada Lovell", "Bo Ek"),
    "guestName: Ada Lovell": ("Ada Lovell",),
    "guests: Ada Lovell, Bo Ek": ("Ada Lovell", "Bo Ek"),
    "guest: {name: Ada Lovell}": ("Ada Lovell",),
    "guest: {name: }": (),
    "guest: [Ada Lovell, Ada Lovell]": ("Ada Lovell",),
    "guest: ''": (),
    "guest:": (),
    "host: Ada Lovell": (),
    "guest: Ada Lovell and Bo Ek": ("Ada Lovell", "Bo Ek"),
    "guests: Ada, Bo & Cy": ("Ada", "Bo", "Cy"),
    "guest: Ada Lovell; Bo Ek": ("Ada Lovell", "Bo Ek"),
    "guest: Simon and Garfunkel": ("Simon and Garfunkel",),
    "guest: Ada Lovell, head of bells and of ropes": ("Ada Lovell, head of bells and of ropes",),
    "guest: Ada Lovell, CTO at Acme": ("Ada Lovell, CTO at Acme",),
    "guest: Ada Lovell, Countess of Bells": ("Ada Lovell, Countess of Bells",),
    "guest: Ada Lovell (CTO at Acme), Bo Ek (CEO of Initech)": (
        "Ada Lovell (CTO at Acme)",
        "Bo Ek (CEO of Initech)",
    ),
    "guest: Joan of Arc, Bo Ek": ("Joan of Arc", "Bo Ek"),
    "guest: Ada Lovell & Bo Ek of Acme": ("Ada Lovell", "Bo Ek of Acme"),
    "guests: [Simon and Garfunkel]": ("Simon and Garfunkel",),
    'guest: "[Ada Lovell](https://ada.example)"': ("Ada Lovell",),
    "guests: [\"<a href='/ada'>Ada Lovell</a>\"]": ("Ada Lovell",),
}


@pytest.mark.parametrize("written", GUESTS)
def test_guests_are_found_in_all_the_ways_that_people_write_them(
    written: str, tmp_path: Path
) -> None:
    assert episode_of(tmp_path, EPISODE.replace(GUEST, written)).guests == GUESTS[written]


TAG_FORMS = {
    "tags: [python, circle-ci]\n": ["python", "circle-ci"],
    "tags: python, circle-ci\n": ["python", "circle-ci"],
    "tags: python circle-ci\n": ["python", "circle-ci"],
    "tags:\n  - name: python\n  - name: circle-ci\n": ["python", "circle-ci"],
    "tags: [Python, Circle CI]\n": ["python", "circle-ci"],
    "tags: [no, on, null, 1.10]\n": ["no", "on", "1.10"],
    "tags: [c++, c#, .net]\n": ["c++", "c#", "net"],
    "tags: ''\n": [],
    "tags:\n": [],
    "tags: [[a, b]]\n": ["a", "b"],
}


def test_an_empty_tag_takes_no_name_from_the_others(tmp_path: Path) -> None:
    episode = episode_of(tmp_path, EPISODE.replace(TAGS, 'tags: ["", Redis, " ", python]\n'))
    assert episode.tags == (Tag("redis", "Redis"), Tag("python", "python"))


@pytest.mark.parametrize("written", TAG_FORMS)
def test_tags_are_found_in_all_the_ways_that_people_write_them(
    written: str, tmp_path: Path
) -> None:
    episode = episode_of(tmp_path, EPISODE.replace(TAGS, written))
    assert [tag.slug for tag in episode.tags] == TAG_FORMS[written]


def test_nine_thousand_tags_are_no_trouble(tmp_path: Path) -> None:
    many = "tags: [" + ", ".join(f"t{n}" for n in range(9_000)) + "]\n"
    assert len(episode_of(tmp_path, EPISODE.replace(TAGS, many)).tags) == 9_000


AUDIO = {
    "audio_url: https://cdn.example/7.mp3": "https://cdn.example/7.mp3",
    "audio: /files/7.mp3": "https://tower.example/files/7.mp3",
    "audio: {mp3: seven.mp3, ogg: seven.ogg}": "https://tower.example/audio/seven.mp3",
    "audio: [{size: 1, url: /a.m4a}, {url: /a.ogg}]": "https://tower.example/a.m4a",
    "podcast_link: https://cdn.example/7.mp3?x=1": "https://cdn.example/7.mp3?x=1",
    "podcast_file: s1/seven.mp3": "https://tower.example/audio/s1/seven.mp3",
    "audio: ../../x.mp3": None,
    "audio: {url: https://cdn.example/7.mp3}": "https://cdn.example/7.mp3",
    "audio: javascript:alert(1)": None,
    "audio: data:text/html,x": None,
    "audio: vbscript:x": None,
    'audio: " javascript:1"': None,
    'audio: "\\x01javascript:1"': None,
    "audio: //evil.example/a.mp3": None,
    "audio: https:evil": None,
    "audio: https://user:pw@evil.example/": None,
    'audio: "http://[::1"': None,
    "audio: \\\\evil\\x": None,
    "audio: /\\evil": None,
    "audio: file:///etc/passwd": None,
    "audio: ftp://x.example/a.mp3": None,
    'audio: "https://a.example/\\r\\nSet-Cookie:x"': None,
}


@pytest.mark.parametrize("line", AUDIO)
def test_only_what_a_page_may_link_to_is_audio(line: str, tmp_path: Path) -> None:
    reading = read_one(tmp_path, EPISODE.replace(CATEGORY, f"{line}\n{CATEGORY}"))
    (episode,) = reading.show.episodes
    assert episode.audio_url == AUDIO[line]
    codes = [code for _, code in said(reading)]
    assert codes == ([] if AUDIO[line] else ["bad-url"])


HEARD = {
    "[Listen](https://cdn.example/7.mp3)": "https://cdn.example/7.mp3",
    "<audio src='/files/7.mp3?x=1' preload=none></audio>": "https://tower.example/files/7.mp3",
    '{% include audio.html src="https://cdn.example/7.mp3" %}': "https://cdn.example/7.mp3",
    "https://cdn.example/a/7.mp3 and [ogg](https://b.example/7.ogg)": "https://cdn.example/a/7.mp3",
    "[ours](https://cdn.example/7.mp3), [theirs](https://cdn.example/8.mp3)": None,
    "[a](https://cdn.example/7.mp3.html) 7.mp3 /files/7.mp3": None,
    "[a](https://user:pw@cdn.example/7.mp3)": None,
    "[a](javascript:/7.mp3)": None,
}


@pytest.mark.parametrize("text", HEARD)
def test_a_text_that_names_one_recording_says_where_it_is(text: str, tmp_path: Path) -> None:
    files = {"_config.yml": "url: https://tower.example\n"}
    write_site(tmp_path, {**files, NAME: f"---\ntitle: Bells\n---\n{text}\n"})
    reading = read_site(tmp_path, Settings())
    assert reading.show.episodes[0].audio_url == HEARD[text]
    assert reading.findings == ()


@pytest.mark.parametrize(
    "permalink",
    ['https://a/#"><script>', "//evil.example/", "/\\evil", "javascript:alert(1)", "../../etc"],
)
def test_a_permalink_never_leads_off_the_site(permalink: str, tmp_path: Path) -> None:
    text = EPISODE.replace(CATEGORY, f"permalink: '{permalink}'\n{CATEGORY}")
    reading = read_one(tmp_path, text)
    (episode,) = reading.show.episodes
    assert episode.url == "https://tower.example/podcast/7-a-bell-that-rings-itself"
    assert "bad-url" in [code for _, code in said(reading)]


@pytest.mark.parametrize("slug", ["../../etc/passwd", "", "a/b", "CON", "..", "a b", "<x>", "ä"])
def test_a_slug_is_one_part_of_the_address_and_never_a_path(slug: str, tmp_path: Path) -> None:
    episode = episode_of(tmp_path, EPISODE.replace(CATEGORY, f"slug: '{slug}'\n{CATEGORY}"))
    assert episode.id.startswith("podcast/")
    assert episode.id.count("/") == 1
    assert ".." not in episode.id
    assert not set(episode.id) & set("<> \\")


@pytest.mark.parametrize(
    ("permalink", "expected"),
    [
        ("/:categories/:slug", "podcast/7-a-bell-that-rings-itself"),
        ("/episodes/:title/", "episodes/7-a-bell-that-rings-itself/"),
        ("/:year/:month/:day/:title.html", "2024/03/04/7-a-bell-that-rings-itself.html"),
        ("pretty", "podcast/2024/03/04/7-a-bell-that-rings-itself/"),
        ("date", "podcast/2024/03/04/7-a-bell-that-rings-itself.html"),
        ("none", "podcast/7-a-bell-that-rings-itself.html"),
        ("ordinal", "podcast/2024/064/7-a-bell-that-rings-itself.html"),
        ("weekdate", "podcast/2024/W10/Mon/7-a-bell-that-rings-itself.html"),
        (
            "/:short_year/:i_month/:i_day/:title:output_ext",
            "24/3/4/7-a-bell-that-rings-itself.html",
        ),
        ("/:nonsense/:title", "7-a-bell-that-rings-itself"),
    ],
)
def test_addresses_are_made_as_jekyll_makes_them(
    permalink: str, expected: str, tmp_path: Path
) -> None:
    write_site(tmp_path, {NAME: EPISODE})
    settings = load_settings(flags={"site.permalink": permalink})
    (episode,) = read_site(tmp_path, settings).show.episodes
    assert episode.id == expected
    assert episode.url == f"https://tower.example/{expected}"


@pytest.mark.parametrize(
    ("file", "title", "slug"),
    [
        ("2024-03-04-Next.js_and-C++.md", "Next.js_and-C++", "next-js-and-c"),
        ("2024-03-04-caf\u00e9 crème.md", "caf\u00e9-crème", "caf\u00e9-crème"),
        ("2024-03-04-cafe\u0301.md", "cafe\u0301", "cafe\u0301"),
        ("2024-03-04-What's @ it?.md", "What's-@-it", "what-s-it"),
    ],
)
def test_letters_of_file_names_are_kept_as_jekyll_keeps_them(
    file: str, title: str, slug: str, tmp_path: Path
) -> None:
    write_site(tmp_path, {f"_posts/{file}": EPISODE})
    for permalink, expected in (("/:title", title), ("/:slug", slug)):
        settings = load_settings(flags={"site.permalink": permalink})
        (episode,) = read_site(tmp_path, settings).show.episodes
        assert episode.id == expected


def test_settings_go_before_what_the_site_says(tmp_path: Path) -> None:
    write_site(tmp_path, {NAME: EPISODE})
    flags = {
        "site.url": "https://other.example/",
        "site.name": "Other",
        "site.audio_prefix": "https://cdn.example/o-",
    }
    show = read_site(tmp_path, load_settings(flags=flags)).show
    assert (show.url, show.name) == ("https://other.example", "Other")
    assert show.episodes[0].url.startswith("https://other.example/podcast/7-")
    assert show.episodes[0].audio_url == "https://cdn.example/o-7.mp3"


def test_a_flag_of_the_settings_hides_an_episode(tmp_path: Path) -> None:
    good = NAME.replace("-7-", "-8-")
    text = EPISODE.replace(CATEGORY, f"secret: true\n{CATEGORY}")
    write_site(tmp_path, {NAME: text, good: EPISODE})
    reading = read_site(tmp_path, load_settings(flags={"site.hidden_flags": "secret"}))
    assert [episode.path for episode in reading.show.episodes] == [good]
    assert reading.left_out == ((NAME, "withdrawn (secret)"),)


def test_any_folder_of_markdown_is_a_show(tmp_path: Path) -> None:
    files = {
        "season 1/002-second.md": "# The second\n\nOh.\n\n[00:03:14] Automation\n[00:09:00] End\n",
        "001-first.md": "+++\ntitle = 'The first'\n+++\n\n27:30 - Automation\n28:00 - End\n",
        "README.md": "# Not an episode",
    }
    first, second = in_folder(tmp_path, files, url="https://folder.example")
    assert (first.title, second.title) == ("The first", "The second")
    assert [moment.start for moment in first.moments] == [1650, 1680]
    assert [moment.text for moment in second.moments] == ["Automation", "End"]
    assert second.url.startswith("https://folder.example/")
    assert " " not in second.url
    assert (first.audio_url, first.duration, first.moments[-1].end) == (None, None, None)
    assert first.number == 1


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "//evil.example", "/path", "ftp://a.example"]
)
def test_a_site_without_an_address_is_reported(url: str, tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text(f'url: "{url}"\n')
    (tmp_path / "a.md").write_text("# A\n\nWords.\n")
    reading = read_site(tmp_path, Settings())
    assert [(f.path, f.line, f.code) for f in reading.findings] == [
        ("_config.yml", 1, "no-address")
    ]
    assert reading.show.episodes[0].url == "/a"


CHAPTERS = [
    "chapters:\n  - startTime: 0\n    title: Hello\n  - startTime: 12:34\n    title: A bell\n",
    "chapters: [{startTime: 0, title: Hello}, {startTime: 754.5, title: A *bell*}]",
    'chapters: [{start: "00:00:00.000", title: Hello}, {start: "00:12:34.5", title: A bell}]',
    'chapters: {"0:00": Hello, "12:34": A bell}',
    'timestamps: [{"0:00": Hello}, {"12:34": A bell}]',
    'chapters: ["0:00 Hello", "12:34 A bell"]',
    "chapters: |\n  00:00:00.000 Hello\n  00:12:34.500 A bell",
    "chapters: {chapters: [{startTime: 0, title: Hello}, {startTime: 754, title: A bell}]}",
    'topics: [{time: "0:00", topic: Hello}, {time: "12:34", url: "https://a.example", on: A bell}]',
    "podcast_chapters: {chapters: [{startTime: 0, title: Hello}, {start: 754, title: A bell}]}",
    "clips: [{name: Hello, startOffset: 0, endOffset: 9}, {name: A bell, startOffset: 754}]",
    'description: "Of bells.\\n\\n0:00 Hello\\n12:34 A bell\\n\\n#bells"',
    "show_notes: |\n  - 0:00 Hello\n  - 12:34 A bell\n",
]


@pytest.mark.parametrize("written", CHAPTERS)
def test_chapters_are_found_in_all_the_ways_that_people_write_them(
    written: str, tmp_path: Path
) -> None:
    (episode,) = in_folder(tmp_path, {"a.md": f"---\ntitle: Bells\n{written}\n---\n"})
    assert [(m.start, m.text) for m in episode.moments] == [(0, "Hello"), (754, "A bell")]


def test_a_chapter_without_a_time_is_reported_where_others_have_one(tmp_path: Path) -> None:
    chapters = "chapters:\n  - {startTime: 10, title: Ropes}\n  - Knots 12:34\n  - A bell\n"
    reading = read_one(tmp_path, f"---\ntitle: Bells\n{chapters}---\n")
    (episode,) = reading.show.episodes
    assert [(m.start, m.text) for m in episode.moments] == [(10, "Ropes")]
    assert [(f.line, f.message) for f in reading.findings if f.code == "malformed-time"] == [
        (5, "`Knots 12:34` is not a time, and no reading fits; write it as 12:34 or 1:23:45"),
        (6, "`A bell` is not a time, and no reading fits; write it as 12:34 or 1:23:45"),
    ]
    assert list(episode.paragraphs) == ["Knots 12:34", "A bell"]


@pytest.mark.parametrize("line", ["- 1:11-20 -- Ropes", "<td>1:00</td>"])
def test_a_time_that_says_nothing_does_not_stand_for_the_chapters(
    line: str, tmp_path: Path
) -> None:
    chapters = "chapters: {0:10: Hello, 1:00: A bell}"
    (episode,) = in_folder(tmp_path, {"a.md": f"---\ntitle: Bells\n{chapters}\n---\n{line}\n"})
    assert [moment.text for moment in episode.moments] == ["Hello", "A bell"]


def test_chapters_are_read_beside_the_times_of_the_text(tmp_path: Path) -> None:
    chapters = "chapters: [{start: 0, title: Hello}, {start: 90, title: A bell}]\n"
    heading = "## 1:30 A bell\n\nIt rings.\n"
    text = f"---\ntitle: Bells\n{chapters}---\n{heading}"
    (episode,) = in_folder(tmp_path / "one", {"a.md": text})
    assert [(m.start, m.text) for m in episode.moments] == [(0, "Hello"), (90, "A bell It rings.")]
    rounded = text.replace("start: 90", "start: 89.6")
    (episode,) = in_folder(tmp_path / "other", {"a.md": rounded})
    assert [m.start for m in episode.moments] == [0, 90]
    other = "clips: [{start: 0, title: Never}, {start: 90, title: Nor}]\n"
    body = "Of [bells](/b).\n\n- Ropes (0:30)\n- Iron (1:00)\n- a *bell* (1:30)\n"
    reading = read_one(tmp_path, f"---\ntitle: Bells\n{other}{chapters}---\n{body}")
    (episode,) = reading.show.episodes
    assert [(m.start, m.text) for m in episode.moments] == [
        *((0, "Hello"), (30, "Ropes"), (60, "Iron"), (90, "a bell")),
    ]
    assert "time-falls" not in [code for _, code in said(reading)]


def test_a_list_of_chapters_that_are_only_named_is_none_of_ours(tmp_path: Path) -> None:
    reading = read_one(tmp_path, "---\ntitle: Bells\nchapters: [Ropes, A bell]\n---\nWords.\n")
    assert not [f for f in reading.findings if f.code == "malformed-time"]


def test_a_list_that_is_not_all_about_times_holds_no_chapters(tmp_path: Path) -> None:
    steps = "steps:\n  - time: 0:30\n    text: Hello\n  - text: A bell\nfrom: [1, 2]\n"
    (episode,) = in_folder(tmp_path, {"a.md": f"---\ntitle: Steps\n{steps}---\n"})
    assert episode.moments == ()


def test_a_malformed_time_that_fits_nowhere_keeps_its_words_as_prose(tmp_path: Path) -> None:
    text = EPISODE.replace("- 38:32 -- Full text search of peals", "- 1:60-99 -- Search of *peals*")
    reading = read_one(tmp_path, text)
    (episode,) = reading.show.episodes
    assert [code for _, code in said(reading)] == ["malformed-time"]
    assert "Search of peals" in " ".join(episode.paragraphs)
    assert len(episode.moments) == 3


def test_a_moment_past_the_duration_is_kept_and_reported(tmp_path: Path) -> None:
    text = EPISODE.replace("- 1:03:30 --", "- 1:33:30 --")
    reading = read_one(tmp_path, text)
    (episode,) = reading.show.episodes
    last = episode.moments[-1]
    assert (last.start, last.end) == (5610, 5610)
    assert [code for _, code in said(reading)] == ["time-past-end"]


def test_moments_are_in_the_order_of_time_whatever_that_of_the_file(tmp_path: Path) -> None:
    text = EPISODE.replace("- 12:04 --", "- 0:40 --")
    (episode,) = read_one(tmp_path, text).show.episodes
    assert [moment.start for moment in episode.moments] == [40, 96, 2312, 3810]


def test_duration_and_bytes_that_are_swapped_are_swapped_back(tmp_path: Path) -> None:
    text = EPISODE.replace('mp3_bytes: "64061022"', 'mp3_bytes: "1:06:33"', 1).replace(
        'mp3_duration: "1:06:33"', 'mp3_duration: "64061022"', 1
    )
    (episode,) = read_one(tmp_path, text).show.episodes
    assert episode.duration == 3993


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1:02:03", 3723), ("12:30", 750), ("062:30", 3750), ("3600", 3600), ('"58:12"', 3492)],
)
def test_durations_mean_what_people_mean(written: str, seconds: int, tmp_path: Path) -> None:
    text = EPISODE.replace('"1:06:33"', written)
    (episode,) = read_one(tmp_path, text).show.episodes
    assert episode.duration == seconds


def test_headings_are_joined_to_what_follows(tmp_path: Path) -> None:
    text = EPISODE.replace(
        "## Topics Include", "## Why *bells*?\n\nThey\nring.\n\nMore.\n\n## Topics"
    )
    (episode,) = read_one(tmp_path, text).show.episodes
    assert episode.paragraphs[1:] == ("Why bells? They ring.", "More.")


READER: dict[str, str] = {
    "Visit <https://a.example/> now": "Visit https://a.example/ now",
    "Visit [the site](https://a.example/)": "Visit the site",
    "Visit [a *b*](x 'title') and `code`": "Visit a b and code",
    "An ![image of a bell](x.png)": "An image of a bell",
    "A <b>bold</b> word<br>here": "A bold word here",
    "A <script>alert(1)</script> word": "A word",
    "A `<script>` tag": "A <script> tag",
    "Fish &amp; chips &lt;b&gt; &copy;": "Fish & chips <b> ©",
    "a &amp;lt;b&amp;gt; c": "a &lt;b&gt; c",
    "5 < 6 and 7 > 6": "5 < 6 and 7 > 6",
    "snake_case_names and 2 * 3 * 4": "snake_case_names and 2 * 3 * 4",
    r"\*not bold\*": "*not bold*",
    "{{ page.guest }} & {{ page.nope | default: 'all' }}": "Ada Lovell & all",
    "[{{ page.guest }}]({{ site.links.forms.guest }})": "Ada Lovell",
    "{% include x.html %}Left": "Left",
    "{% raw %}{{ page.guest }}{% endraw %}": "{{ page.guest }}",
    "A [simulator](x){:target='_blank'} and a *bell*{: .red #a}": "A simulator and a bell",
    "Elixir's `{:ok, bell}` and {:error, why}": "Elixir's {:ok, bell} and {:error, why}",
    "C#, C++, .NET and #hash": "C#, C++, .NET and #hash",
    "1986. A great year": "1986. A great year",
    "[link][ref] by reference": "[link][ref] by reference",
    "Tom \u202eevil": "Tom \u202eevil",
}


@pytest.mark.parametrize("written", READER)
def test_a_moment_says_what_a_reader_of_the_page_would_see(written: str, tmp_path: Path) -> None:
    text = EPISODE.replace("Full text search of peals", written)
    (episode,) = read_one(tmp_path, text).show.episodes
    assert episode.moments[2].text == READER[written]


def test_a_paragraph_on_one_long_line_is_read_to_its_end(tmp_path: Path) -> None:
    text = EPISODE.replace("rings a bell.", "rings a bell. " + "More words. " * 1_000 + "The end.")
    (episode,) = read_one(tmp_path, text).show.episodes
    assert episode.paragraphs[0].endswith("The end.")


@pytest.mark.parametrize("count", [10, 100, 800, 3_000])
@pytest.mark.parametrize("mark", ["- ", "See "])
def test_no_target_becomes_a_word_however_many_links_there_are(
    mark: str, count: int, tmp_path: Path
) -> None:
    links = "\n".join(f"{mark}[Name {n}](https://secret.example/{n}?a=b_c)" for n in range(count))
    text = EPISODE.replace("- [Ringing](https://ringing.example/how) for beginners", links)
    (episode,) = read_one(tmp_path, text).show.episodes
    words = " ".join([*episode.paragraphs, *episode.links])
    assert f"Name {count - 1}" in words
    assert "secret" not in words


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "<style>*{display:none}</style>",
        "<a href=javascript:1>x</a>",
        "[x](javascript:alert(1))",
        "<iframe srcdoc=x></iframe>",
        "<!-- hidden -->",
    ],
)
def test_targets_and_scripts_never_become_words(payload: str, tmp_path: Path) -> None:
    text = EPISODE.replace("Full text search of peals", f"Bell {payload} tower")
    (episode,) = read_one(tmp_path, text).show.episodes
    shown = episode.moments[2].text
    assert shown.startswith("Bell")
    assert shown.endswith("tower")
    for word in ("alert", "javascript", "onerror", "onload", "display", "srcdoc", "hidden"):
        assert word not in shown


def test_a_title_of_ten_thousand_characters_is_a_title(tmp_path: Path) -> None:
    long = "A" * 10_000
    assert episode_of(tmp_path, EPISODE.replace("A Bell That Rings Itself", long)).title == long


@pytest.mark.parametrize(
    ("line", "wanted"), [("episode: 010", 10), ("number: 12", 12), ("episode: x", 7)]
)
def test_a_number_is_a_number_in_tens(line: str, wanted: int, tmp_path: Path) -> None:
    text = EPISODE.replace(CATEGORY, f"{line}\n{CATEGORY}")
    assert episode_of(tmp_path, text).number == wanted


@pytest.mark.parametrize("title", ["no", "on", "1.10", "2024-01-01", "12:30", "0x1F"])
def test_a_title_stays_what_was_written(title: str, tmp_path: Path) -> None:
    text = EPISODE.replace('"A Bell That Rings Itself"', title)
    assert episode_of(tmp_path, text).title == title


def test_escapes_in_front_matter_cannot_smuggle_what_no_page_could_show(tmp_path: Path) -> None:
    (episode,) = read_one(
        tmp_path, EPISODE.replace("A Bell", "A\\x01 \\uE000Bell\\n\\t")
    ).show.episodes
    assert episode.title == "A Bell That Rings Itself"


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    write_site(tmp_path, {NAME: EPISODE})
    assert read_site(tmp_path, Settings()) == read_site(tmp_path, Settings())


@pytest.mark.parametrize(
    ("name", "title", "wanted"),
    [
        ("12-ropes.md", "Ropes", 12),
        ("012-ropes.md", "12: Ropes", 12),
        ("12-ropes.md", "12 - Ropes", 12),
        ("ep012 ropes.md", "Ropes", 12),
        ("2024-03-04 ropes.md", "Ropes", None),
        ("2024-03-04_12 ropes.md", "Ropes", 12),
        ("S02E05-ropes.md", "Ropes", 5),
        ("s2-e5-12-ropes.md", "12 ropes", 5),
        ("10-minute-pasta.md", "10-minute pasta", None),
        ("1066-and-all-that.md", "1066 and all that", None),
        ("12-ropes.md", "#12 Ropes", 12),
        ("ropes.md", "#12 Ropes", 12),
        ("ropes.md", "Ep. 12 - Ropes", 12),
        ("ropes.md", "EP12: Ropes", 12),
        ("ropes.md", "Épisode 12 : Cordes", 12),
        ("ropes.md", "Folge #12 Seile", 12),
        ("ropes.md", "第12回「縄」", 12),
        ("ropes.md", "Episode 1.5 of Ropes", None),
        ("ropes.md", "12 ropes", None),
    ],
)
def test_a_file_may_be_named_after_a_number_that_its_title_does_not_count(
    name: str, title: str, wanted: int | None, tmp_path: Path
) -> None:
    (episode,) = in_folder(tmp_path, {name: f'---\ntitle: "{title}"\n---\n'})
    assert episode.number == wanted
