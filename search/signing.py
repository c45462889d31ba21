"""What tells that an index is as it was published: a SHA-256, or with a key an HMAC (RFC 2104).

Whoever may write a whole index can make its sums right, too. Without the key, which lies elsewhere,
nobody can.
"""

import hashlib
import hmac
from pathlib import Path

from search.errors import BadSetting
from search.settings import IndexSettings

SHORTEST = 32
"""Bytes of a key, at least."""
_LONGEST = 64 * 1024


def sign(data: bytes | memoryview, key: bytes) -> str:
    """64 hexadecimal digits."""
    return (
        hmac.new(key, data, hashlib.sha256).hexdigest() if key else hashlib.sha256(data).hexdigest()
    )


def same(one: str, other: str) -> bool:
    """Whether two signatures are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def read_key(settings: IndexSettings) -> bytes:
    """The key that the setting `index.key_file` names, b"" if none. Raises BadSetting."""
    if not settings.key_file:
        return b""
    path = Path(settings.key_file)
    make = f"make one with: head -c {SHORTEST} /dev/urandom > '{path}' && chmod 640 '{path}'"
    try:
        with path.open("rb") as file:
            key, mode = file.read(_LONGEST + 1), path.stat().st_mode
    except OSError as error:
        reason = error.strerror or error
        raise BadSetting(f"index.key_file = '{path}': {reason}; {make}") from None
    if not SHORTEST <= len(key) <= _LONGEST:
        size = f"{SHORTEST} to {_LONGEST:,} bytes"
        raise BadSetting(f"index.key_file = '{path}': a key has {size}; {make}")
    if mode & 0o026:
        raise BadSetting(
            f"index.key_file = '{path}': others can read or write it; run: chmod 640 '{path}'"
        )
    if path.resolve().is_relative_to(Path(settings.directory).resolve()):
        raise BadSetting(
            f"index.key_file = '{path}': lies in the index that it is to protect; move it elsewhere"
        )
    return key
