"""Settings: defaults < file < environment < flags; every wrong one is refused."""

import dataclasses
import os
from pathlib import Path

import pytest

from search.errors import BadSetting
from search.settings import Settings, load_settings, setting_names


def _file(folder: Path, text: str) -> Path:
    path = folder / "seekcast.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_need_be_set() -> None:
    assert load_settings() == Settings()


def test_a_file_goes_over_the_defaults(tmp_path: Path) -> None:
    text = """
        aliases = "aliases.toml"
        [server]
        port = 9000
        cors_origins = ["https://lamp.example"]
        public_metrics = true
        [weights]
        title = 1
    """

    settings = load_settings(_file(tmp_path, text))

    assert settings.aliases == "aliases.toml"
    assert settings.server.port == 9000
    assert settings.server.cors_origins == ("https://lamp.example",)
    assert settings.server.public_metrics is True
    assert settings.weights.title == 1.0
    assert settings.server.host == Settings().server.host


def test_the_environment_goes_over_the_file_and_flags_over_all(tmp_path: Path) -> None:
    file = _file(tmp_path, '[server]\nport = 9000\nhost = "0.0.0.0"\nthreads = 2\n')
    environ = {"SEEKCAST_SERVER_PORT": "9001", "SEEKCAST_SERVER_HOST": "::1", "HOME": "/root"}

    settings = load_settings(file, environ, {"server.port": 9002, "server.threads": None})

    assert (settings.server.port, settings.server.host, settings.server.threads) == (9002, "::1", 2)


def test_every_setting_can_come_from_the_environment() -> None:
    for name, default in setting_names().items():
        text = ",".join(default) if isinstance(default, tuple) else str(default)
        variable = "SEEKCAST_" + name.replace(".", "_").upper()

        assert load_settings(environ={variable: text}) == Settings(), name


def test_bytes_that_are_no_text_name_files_and_nothing_else() -> None:
    variables = {"SEEKCAST_INDEX_DIRECTORY": "a\udcff", "SEEKCAST_ALIASES": "a\udcff"}
    assert load_settings(environ=variables).index.directory == "a\udcff"
    with pytest.raises(BadSetting, match="site.name = 'a.udcff': write it as UTF-8"):
        load_settings(environ={"SEEKCAST_SITE_NAME": "a\udcff"})


def test_no_two_settings_share_a_variable() -> None:
    names = [name.replace(".", "_") for name in setting_names()]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("TRUE", True), ("0", False)])
def test_truth_is_read_in_the_usual_words(text: str, value: bool) -> None:
    environ = {"SEEKCAST_SERVER_LOG_QUERIES": text}

    assert load_settings(environ=environ).server.log_queries is value


def test_a_list_in_the_environment_is_parted_by_commas() -> None:
    environ = {"SEEKCAST_SERVER_TRUSTED_HOSTS": "lamp.example, www.lamp.example,"}

    assert load_settings(environ=environ).server.trusted_hosts == (
        "lamp.example",
        "www.lamp.example",
    )


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [
        ("server.port", "abc", "a whole number"),
        ("server.port", "", "a whole number"),
        ("server.port", "٣", "a whole number"),
        ("server.port", "8_000", "a whole number"),
        ("server.port", 80.5, "a whole number"),
        ("server.port", True, "a whole number"),
        ("server.port", 65536, "from 0 to 65535"),
        ("server.port", -1, "from 0 to 65535"),
        ("server.threads", 0, "from 1"),
        ("server.max_searches", 0, "from 1"),
        ("server.search_rate", -1, "from 0"),
        ("server.public_metrics", "perhaps", "true or false"),
        ("server.public_metrics", 2, "true or false"),
        ("server.host", 127, "a text"),
        ("server.cors_origins", 5, "a list of texts"),
        ("server.cors_origins", ["a", 5], "a list of texts"),
        ("server.trusted_hosts", {"a": 1}, "a list of texts"),
        ("index.keep", 0, "from 1"),
        ("index.max_shrink", 1.5, "from 0 to 1"),
        ("index.max_bad", "20 %", "a number"),
        ("weights.title", "nan", "from 0"),
        ("weights.title", "inf", "from 0"),
        ("weights.title", -0.5, "from 0"),
        ("weights.title", 10**400, "a number"),
        ("weights.title", [1], "a number"),
        ("site.jump_link", "{url}#{time}", "{url}"),
        ("site.jump_link", "#{clock}", "{url}"),
        ("site.audio_link", "{url}#t={sec}", "{audio}"),
        ("aliases", ["a.toml"], "a text"),
        ("site.url", "javascript:1", "https://"),
        ("site.url", "show.example", "https://"),
        ("site.url", "https://[", "https://"),
        ("site.url", "https://my show.example", "https://"),
        ("site.url", "https://my..example", "https://"),
        ("index.directory", "", "name a folder"),
        ("index.directory", " ", "name a folder"),
        ("index.directory", "a\0b", "a text"),
        ("server.host", "", "name an address"),
        ("server.cors_origins", "show.example", "https://show.example"),
        ("server.cors_origins", ["*", "https://a.example/page"], "https://show.example"),
        ("server.trusted_hosts", "https://find.example", "find.example"),
        ("server.trusted_hosts", "*", "none for any"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_value_and_choices(
    name: str, value: object, choices: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        load_settings(flags={name: value})

    for part in (name, repr(value), choices, "the command line"):
        assert part in str(refused.value)


def test_a_file_may_come_from_an_editor_that_marks_it_and_ends_lines_in_its_own_way(
    tmp_path: Path,
) -> None:
    file = tmp_path / "seekcast.toml"
    file.write_bytes("\ufeff[site]\r\nname = 'Zoë'\r\n".encode())
    assert load_settings(file).site.name == "Zoë"


def test_a_file_without_an_end_is_refused_and_a_pipe_is_read() -> None:
    with pytest.raises(
        BadSetting, match="/dev/zero: longer than .* no settings file; name another"
    ):
        load_settings(Path("/dev/zero"))
    reading, writing = os.pipe()
    os.write(writing, b"[server]\nport = 9000\n")
    os.close(writing)
    assert load_settings(Path(f"/dev/fd/{reading}")).server.port == 9000
    os.close(reading)


@pytest.mark.parametrize(
    "url",
    ["", "http://localhost:4000", "HTTPS://müller.example/", "https://ada.pages.example/show"],
)
def test_a_sites_address_is_a_host_with_or_without_port_and_path(url: str) -> None:
    assert load_settings(flags={"site.url": url}).site.url == url


def test_a_wrong_value_says_in_which_file_or_variable_it_stands(tmp_path: Path) -> None:
    file = _file(tmp_path, '[server]\nport = "high"\n')

    with pytest.raises(BadSetting, match=r"seekcast\.toml: server\.port = 'high'"):
        load_settings(file)
    with pytest.raises(BadSetting, match="SEEKCAST_SERVER_PORT: server.port = 'high'"):
        load_settings(environ={"SEEKCAST_SERVER_PORT": "high"})


@pytest.mark.parametrize(
    "text",
    ["prot = 1", "[server]\nprot = 1", "server = 5", "[sever]\nport = 1", "[server.port]\na=1"],
)
def test_an_unknown_setting_is_refused_with_all_that_exist(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadSetting, match=r"seekcast\.toml"):
        load_settings(_file(tmp_path, text))


def test_unknown_names_are_answered_with_those_of_their_section(tmp_path: Path) -> None:
    for given in (
        {"config": _file(tmp_path, "[server]\nprot = 1")},
        {"environ": {"SEEKCAST_SERVER_PROT": "1"}},
        {"flags": {"server.prot": 1}},
    ):
        with pytest.raises(BadSetting, match=r"perhaps server\.port is meant") as refused:
            load_settings(**given)
        assert "prot" in str(refused.value).lower()
        assert "server.host, server.port" in str(refused.value)
        assert "index.keep" not in str(refused.value)
    with pytest.raises(BadSetting, match=r"site\.url, .*index\.keep, .*aliases$"):
        load_settings(_file(tmp_path, "[elsewhere]\nport = 1"))


def test_a_file_that_is_no_settings_file_is_named(tmp_path: Path) -> None:
    for path in (
        tmp_path / "missing.toml",
        tmp_path,
        _file(tmp_path, "port = = 1"),
    ):
        with pytest.raises(BadSetting, match=path.name):
            load_settings(path)
    with pytest.raises(BadSetting, match=r"seekcast\.toml: not a readable TOML file: Exceeds"):
        load_settings(_file(tmp_path, f"[server]\nport = {'9' * 5000}"))
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match=r"binary\.toml"):
        load_settings(binary)


def test_settings_cannot_be_changed_after_reading() -> None:
    settings = load_settings()

    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.server.port = 1  # type: ignore[misc]
