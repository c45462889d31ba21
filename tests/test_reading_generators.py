"""Sites as Jekyll and Hugo make them: where episodes are, and which addresses their pages have."""

import os
from pathlib import Path

import pytest

from index.reader import Reading, read_site
from index.summary import left_out_lines
from search.errors import UsageError
from search.settings import Settings

EPISODE = "---\ntitle: Lutes\n---\n\n- 1:00 -- Strings\n"
PAGE = "---\ntitle: About us\n---\n\nWords.\n"
TOML = "+++\ntitle = 'Lutes & viols'\ndate = 2021-03-04T08:00:00+02:00\n+++\n\n- 1:00 -- Strings\n"


def read(root: Path, config: str, files: dict[str, str], name: str = "_config.yml") -> Reading:
    for path, text in {name: config, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        # What was written just now is waited for.
        os.utime(root / path, (1e9, 1e9))
    return read_site(root, Settings())


def urls(reading: Reading) -> list[str]:
    return [episode.url.removeprefix("https://a.example") for episode in reading.show.episodes]


COLLECTIONS = {
    "output: true, permalink: '/e/:name/'": "/e/01-lutes/",
    "output: true, permalink: '/:collection/:title.html'": "/episodes/01-lutes.html",
    "output: true": "/episodes/season-1/01-lutes.html",
}


@pytest.mark.parametrize("about", COLLECTIONS)
def test_the_documents_of_a_jekyll_collection_are_episodes(about: str, tmp_path: Path) -> None:
    config = f"url: https://a.example\ncollections:\n  episodes: {{{about}}}\n"
    files = {"_episodes/season-1/01-lutes.md": EPISODE, "about.md": PAGE}
    assert urls(read(tmp_path, config, files)) == [COLLECTIONS[about]]


@pytest.mark.parametrize(
    ("zone", "written", "day"),
    [
        ("America/New_York", "2021-05-28 23:23:39 -0500", "2021/05/29"),
        ("America/New_York", "2021-05-28T03:30:00Z", "2021/05/27"),
        ("Asia/Tokyo", "2021-05-28 15:00:00.000 +00:00", "2021/05/29"),
        ("Asia/Tokyo", "2021-05-28 23:30:00", "2021/05/28"),
        ("Asia/Tokyo", "2021-05-28", "2021/05/28"),
        ("Mars/Olympus", "2021-05-28T23:30:00-12:00", "2021/05/28"),
        ("''", "2021-05-28T23:30:00-12:00", "2021/05/28"),
    ],
)
def test_a_post_is_of_the_day_that_it_is_in_the_sites_time_zone(
    tmp_path: Path, zone: str, written: str, day: str
) -> None:
    config = f"url: https://a.example\ntimezone: {zone}\n"
    episode = EPISODE.replace("title", f"date: {written}\ntitle")
    reading = read(tmp_path, config, {"_posts/2021-05-28-lutes.md": episode})
    assert urls(reading) == [f"/{day}/lutes.html"]


def test_a_collection_without_pages_holds_no_episodes_and_tags_are_none(tmp_path: Path) -> None:
    config = "url: https://a.example\ncollections: {people: {}, tags: {output: true}}\n"
    files = {
        "_people/1-ada.md": EPISODE,
        "_tags/1-x.md": EPISODE,
        "_posts/2020-01-01-a.md": EPISODE,
    }
    assert urls(read(tmp_path, config, files)) == ["/2020/01/01/a.html"]


def test_collections_may_have_a_folder_of_their_own_but_none_outside_the_site(
    tmp_path: Path,
) -> None:
    config = "url: https://a.example\ncollections_dir: all\ncollections: {ep: {output: true}}\n"
    assert urls(read(tmp_path / "one", config, {"all/_ep/1.md": EPISODE})) == ["/ep/1.html"]
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "all").symlink_to(tmp_path / "one" / "all")
    for folder in ("all", "../one/all", "x" * 300):
        own = config.replace("collections_dir: all", f"collections_dir: {folder}")
        assert urls(read(tmp_path / "two", own, {"own.md": EPISODE})) == ["/own"]


def test_pages_of_a_collection_that_are_no_episodes_are_left_out_and_counted(
    tmp_path: Path,
) -> None:
    config = "url: https://a.example\ncollections: {all: {output: true}}\n"
    pages = {f"_all/page-{letter}.md": PAGE for letter in "abcdefgh"}
    reading = read(tmp_path, config, {"_all/lutes.md": EPISODE, **pages})
    assert [episode.title for episode in reading.show.episodes] == ["Lutes"]
    assert reading.findings == ()
    lines = list(left_out_lines(reading))
    assert "page-a.md: a page and no episode: it has no date" in lines[0]
    assert lines[-1].strip() == "and 3 more pages of that kind"


def test_front_matter_that_the_settings_of_a_jekyll_site_give_counts(tmp_path: Path) -> None:
    config = """\
url: https://a.example
permalink: /:categories/:title
defaults:
  - {scope: {path: _posts/music, type: posts}, values: {category: music}}
  - {scope: {path: ""}, values: {category: all, permalink: "/x/:title/"}}
  - {scope: {type: posts}, values: {permalink: "/p/:categories/:title/"}}
  - {scope: {path: "_posts/*/old"}, values: {published: false}}
  - {values: }
"""
    own = EPISODE.replace("title", "category: own\ntitle")
    files = {
        "_posts/music/2020-01-01-a.md": EPISODE,
        "_posts/2020-01-02-b.md": own,
        "_posts/music/old/2020-01-03-c.md": EPISODE,
    }
    reading = read(tmp_path, config, files)
    assert urls(reading) == ["/p/own/b/", "/p/music/a/"]
    assert [path for path, _ in reading.left_out] == ["_posts/music/old/2020-01-03-c.md"]


def test_folders_above_posts_are_categories_as_in_jekyll(tmp_path: Path) -> None:
    text = EPISODE.replace("title", "categories: strings plucked\ntitle")
    config = "url: https://a.example\npermalink: /:categories/:title\n"
    reading = read(tmp_path, config, {"music/_posts/2020-01-01-a.md": text})
    assert urls(reading) == ["/music/strings/plucked/a"]
    assert reading.show.episodes[0].category == "strings"


def test_posts_of_folders_in_folders_are_found(tmp_path: Path) -> None:
    config = "url: https://a.example\npermalink: /:categories/:title\n"
    reading = read(tmp_path, config, {"shows/music/_posts/2020-01-01-a.md": EPISODE})
    assert urls(reading) == ["/shows/music/a"]


@pytest.mark.parametrize("place", ["_posts", "seasons/one"])
def test_a_link_to_a_folder_is_named_and_not_followed(place: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site" / "seasons").mkdir(parents=True)
    (tmp_path / "site" / "seasons" / "itself").symlink_to("itself")
    (tmp_path / "site" / place).symlink_to(tmp_path / "elsewhere")
    files = {"a.md": "# A\n"}
    findings = read(tmp_path / "site", "url: https://a.example\n", files).findings
    assert [(found.path, found.code) for found in findings] == [(place, "not-followed")]
    assert "put the folder itself here" in findings[0].message


@pytest.mark.parametrize("place", ["_posts", "seasons/one"])
def test_a_site_of_nothing_but_links_has_no_episodes(place: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site" / "seasons").mkdir(parents=True)
    (tmp_path / "site" / place).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=f"no episodes here.*\n{place}: a link to a folder"):
        read(tmp_path / "site", "url: https://a.example\n", {})


def test_posts_in_html_are_read_and_other_markup_is_named(tmp_path: Path) -> None:
    html = (
        EPISODE.partition("- 1:00")[0]
        + "<ul>\n<li>1:00 Of <b>strings</b></li>\n</ul>\n<p>End.</p>\n"
    )
    files = {"_posts/2020-01-01-a.html": html, "_posts/2020-01-02-b.textile": "h1. B"}
    reading = read(tmp_path, "url: https://a.example\n", files)
    (episode,) = reading.show.episodes
    assert (episode.moments[0].text, episode.paragraphs) == ("Of strings", ("End.",))
    (found,) = reading.findings
    assert (found.path, found.code) == ("_posts/2020-01-02-b.textile", "not-markdown")
    assert "write it as .md" in found.message


def test_a_post_that_jekyll_would_pass_over_is_named(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "url: https://a.example\n", {"_posts/lutes.md": EPISODE}).findings
    assert (found.path, found.code) == ("_posts/lutes.md", "bad-date")
    assert "Jekyll makes no page of it" in found.message


HUGO = {
    "": "/episodes/season-1/01-lutes/",
    "[permalinks]\nepisodes = '/e/:year/:slug/'\n": "/e/2021/lutes--viols/",
    "[permalinks.page]\nepisodes = '/:sections/:contentbasename'\n": "/episodes/season-1/01-lutes/",
}


@pytest.mark.parametrize("more", HUGO)
def test_the_pages_of_a_hugo_site_have_its_addresses(more: str, tmp_path: Path) -> None:
    config = f"baseURL = 'https://a.example/'\ntitle = 'Strings'\n{more}"
    files = {
        "content/episodes/season-1/01-lutes.md": TOML,
        "content/about.md": PAGE,
        "archetypes/default.md": "+++\ntitle = {{ .Name }}\n+++\n",
        "themes/a/README2.md": EPISODE,
    }
    reading = read(tmp_path, config, files, "hugo.toml")
    assert urls(reading) == [HUGO[more]]
    assert (reading.show.name, reading.findings) == ("Strings", ())


def test_a_bundle_of_hugo_is_one_page_and_may_name_its_own_address(tmp_path: Path) -> None:
    files = {
        "content/ep/01-lutes/index.md": TOML,
        "content/ep/01-lutes/notes.md": PAGE,
        "content/ep/01-lutes/more/notes.md": PAGE,
        "content/ep/02.md": TOML.replace("+++\n\n", "url = '/two/'\n+++\n\n"),
        "content/ep/03.md": TOML.replace("+++\n\n", "slug = 'third'\n+++\n\n"),
    }
    reading = read(tmp_path, "baseURL: https://a.example\n", files, "config/_default/hugo.yaml")
    assert sorted(urls(reading)) == ["/ep/01-lutes/", "/ep/third/", "/two/"]
    assert reading.left_out == ()


def test_parameters_and_days_to_come_are_read_as_hugo_reads_them(tmp_path: Path) -> None:
    files = {
        "content/a.md": TOML.replace("+++\n\n", "[params]\nguests = ['Ada Lovell']\n+++\n\n"),
        "content/b.md": TOML.replace("2021", "2099"),
    }
    reading = read(tmp_path, "baseURL = 'https://a.example'\n", files, "hugo.toml")
    assert [episode.guests for episode in reading.show.episodes] == [("Ada Lovell",)]
    assert reading.left_out == (
        ("content/b.md", "dated 2099-03-04; shown from a reindex on that day on"),
    )


def test_a_site_of_zola_is_read_as_its_like(tmp_path: Path) -> None:
    tables = "[extra]\naudio = '/a.mp3'\n[taxonomies]\ntags = ['wood']\n+++\n\n"
    files = {"content/ep/lutes.md": TOML.replace("+++\n\n", tables)}
    reading = read(tmp_path, "base_url = 'https://a.example'\n", files, "config.toml")
    (episode,) = reading.show.episodes
    assert (episode.audio_url, episode.tags[0].name) == ("https://a.example/a.mp3", "wood")
    assert urls(reading) == ["/ep/lutes/"]


def test_episodes_of_the_podcast_theme_castanet_are_read(tmp_path: Path) -> None:
    config = "baseURL = 'https://a.example/'\n[params]\nmedia_prefix = 'https://cdn.example/ep/'\n"
    more = (
        "podcast_file = 'E170.mp3'\npodcast_duration = 669\npodcast_bytes = 9252288\n"
        "permalink = 'https://a.example/episode-170/'\n+++\n\n"
        "## Overview {#overview}\n\nOf wood.\n\n"
    )
    files = {"content/episode/170.mdx": TOML.replace("+++\n\n", more)}
    reading = read(tmp_path, config, files, "hugo.toml")
    (episode,) = reading.show.episodes
    assert (episode.audio_url, episode.duration) == ("https://cdn.example/ep/E170.mp3", 669)
    assert (urls(reading), reading.findings) == (["/episode-170/"], ())
    assert episode.paragraphs == ("Overview Of wood.",)


def test_settings_of_a_hugo_site_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"hugo.toml:1: not TOML.*; mend it"):
        read(tmp_path, "baseURL = x\n", {"content/a.md": TOML}, "hugo.toml")


@pytest.mark.parametrize("folder", ["_posts", "content"])
def test_who_names_a_part_of_a_site_is_told_to_name_all_of_it(folder: str, tmp_path: Path) -> None:
    name = {"_posts": "_config.yml", "content": "hugo.yaml"}[folder]
    read(tmp_path, "title: A\n", {f"{folder}/2020-01-01-a.md": EPISODE}, name)
    (found,) = read_site(tmp_path / folder, Settings()).findings
    assert found.code == "no-address"
    assert "part of the site in the folder above, name that one" in found.message


def test_a_hugo_site_without_an_address_is_told_where_to_put_it(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "title = 'A'\n", {"content/a.md": TOML}, "hugo.toml").findings
    assert (found.path, found.code) == ("hugo.toml", "no-address")
    assert "set `baseURL` in hugo.toml" in found.message


def test_an_address_may_be_written_in_capitals(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "baseURL = 'HTTPS://My.example/'\n", {"content/a.md": TOML}, "hugo.toml"
    )
    assert [episode.url for episode in reading.show.episodes] == ["HTTPS://My.example/a/"]
    assert not reading.findings


CODES = [
    '{{< clip time="1:00" >}}\n\nStrings\n\n{{< /clip >}}\n\n{{< clip time="2:00" >}}\n\nWood\n',
    '{{< timestamp "[00:01:00]" >}} Strings\n\n{{< timestamp "[00:02:00]" >}} Wood\n',
    "{{% show/clip time=1:00 %}} Strings\n\n{{% show/clip time=2:00 %}} Wood\n",
]


@pytest.mark.parametrize("text", CODES)
def test_a_shortcode_shows_its_time_and_no_other(text: str, tmp_path: Path) -> None:
    audio = '{{< audio src="/a.mp3" duration="52:21" >}}\n\nOf lutes.\n\n'
    files = {"content/a.md": f"---\ntitle: Lutes\n---\n{audio}{text}"}
    reading = read(tmp_path, "baseURL = 'https://a.example'\n", files, "hugo.toml")
    (episode,) = reading.show.episodes
    assert [(m.start, m.text) for m in episode.moments] == [(60, "Strings"), (120, "Wood")]
    assert reading.findings == ()


def test_episodes_are_found_among_all_that_a_site_in_javascript_holds(tmp_path: Path) -> None:
    lutes = "---\ntitle: Lutes\nguests: [alovell]\naudio: /1.mp3\n---\n"
    dated = PAGE.replace("title", "date: 2021-03-04\ntitle")
    files = {
        "src/content/episodes/1-lutes.mdx": lutes,
        "src/content/episodes/2-viols/index.md": "---\ntitle: Viols\n---\n\n- 1:00 -- Strings\n",
        "src/content/guests/alovell.md": "---\nname: Ada Lovell\n---\n",
        "src/content/blog/news.md": dated,
        "src/pages/about.md": PAGE,
        "docs/0001-why.md": PAGE,
        "NOTES.md": "Words.\n",
    }
    reading = read(tmp_path, "{}", files, "package.json")
    assert urls(reading) == ["/episodes/1-lutes", "/episodes/2-viols"]
    assert reading.show.episodes[0].guests == ("Ada Lovell",)
    (found,) = reading.findings
    assert found.message == (
        "the site's address is not known, so links to its pages lead nowhere; "
        "set `url` of [site] in the settings"
    )
    assert dict(reading.left_out)["src/content/blog/news.md"] == (
        "a page and no episode: nothing in src/content/blog has a recording, topics or a number"
    )
    # Without it, the folder is one of episodes.
    (tmp_path / "package.json").unlink()
    assert "/src/content/blog/news" in urls(read(tmp_path, "", {}, ".gitignore"))
