"""The recording of an episode: how long it is and where it can be heard."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from index.checks import bad_url, check_length
from index.findings import Finding, finding
from index.front_matter import FrontMatter
from index.site import Site
from index.values import as_seconds, as_text, safe_url
from index.yaml_values import Value

_DURATION_KEYS = (
    *("mp3_duration", "duration", "audio_duration", "podcast_duration", "episode_duration"),
    *("itunes_duration", "duration_seconds", "length_seconds", "length_second", "length"),
)
_LENGTH_KEYS = ("mp3_bytes", "bytes", "audio_bytes", "podcast_bytes", "file_size")
_AUDIO_KEYS = (
    *("audio_url", "audio", "mp3_url", "mp3", "media_url", "enclosure"),
    *("audio_file", "podcast_file"),
)
_AUDIO = r"\.(?:mp3|m4a|ogg|opus|aac|wav)"
_AUDIO_FILE = re.compile(rf"{_AUDIO}(?:\?|\Z)", re.IGNORECASE)
# An address in a text; whatever may begin one ends it, so no text is gone through twice.
_IN_TEXT = re.compile(
    rf"""(?:https?://|(?<=["'(])/)[^\s"'<>()\[\]{{}}:]{{1,300}}{_AUDIO}(?=[\s"'<>()\[\]{{}}?#]|\Z)""",
    re.IGNORECASE,
)
# No recording has so many seconds.
_BYTES = re.compile(r"[0-9]{6,}\Z")
_FILE = re.compile(r"[\w][\w./-]{0,200}\.[a-z0-9]{2,4}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recording:
    """`duration` is in seconds; `exists`: the front matter speaks of one."""

    duration: int | None
    address: str | None
    exists: bool
    findings: tuple[Finding, ...]


def read_recording(path: str, front: FrontMatter, site: Site, number: int | None) -> Recording:
    """The recording of the episode at `path`; `number` is the episode's."""
    key, text = front.first(_DURATION_KEYS)
    length = front.first(_LENGTH_KEYS)[1]
    if key == "length" and _BYTES.match(text):
        text, length = "", length or text
    findings = list(check_length(path, front.line(key), text, length))
    swapped = any(one.code == "swapped-duration" for one in findings)
    duration = as_seconds(length if swapped else text)
    timed = bool(text or length)
    key, text = _audio(front)
    if text:
        # The name of a file stands beside the others.
        named = site.audio_prefix and _FILE.match(text)
        address = safe_url(urljoin(site.audio_prefix, text) if named else text, site.url)
        if address is None and _FILE.match(text):
            message = (
                f"{key} is `{text}`, the name of a file; say where such files are in "
                f"{site.audio_key} or `audio_prefix` of [site] in the settings"
            )
            findings.append(finding(path, front.line(key), "bad-url", message))
        elif address is None:
            findings.append(bad_url(path, front.line(key), key, text))
        return Recording(duration, address, True, tuple(findings))
    own = timed and number is not None and site.audio_prefix
    heard = f"{site.audio_prefix}{number}.mp3" if own else _in_text(front.body)
    address = safe_url(heard, site.url)
    return Recording(duration, address, timed, tuple(findings))


def _audio(front: FrontMatter) -> tuple[str, str]:
    """The key that says where the recording is, and what it says: one that is named after it, else
    any that names an audio file."""
    named = ((key, _address(value)) for key, value in front.named(_AUDIO_KEYS))
    others = ((key, _address(value)) for key, value in front.values.items())
    files = ((key, text) for key, text in others if _AUDIO_FILE.search(text))
    return next((found for found in named if found[1]), next(files, ("", "")))


def _in_text(body: str) -> str:
    """The first address of an audio file in a text, if all that are there are called the same."""
    found = _IN_TEXT.findall(body)
    names = {each.rpartition("/")[2].rpartition(".")[0] for each in found}
    return str(found[0]) if len(names) == 1 else ""


def _address(value: Value) -> str:
    """An address by itself, as `url` of a mapping, or as its audio file; of a list the first."""
    if isinstance(value, list):
        return _address(value[0]) if value else ""
    if isinstance(value, dict):
        texts = (as_text(each) for each in value.values())
        audio = (text for text in texts if _AUDIO_FILE.search(text))
        return as_text(value.get("url")) or next(audio, "")
    return as_text(value)
