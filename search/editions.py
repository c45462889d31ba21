"""What shapes answers besides the generation: the program, its lists of words, the settings."""

import hashlib
from functools import cache
from pathlib import Path

from search.settings import Settings


def edition(settings: Settings) -> str:
    """Changes whenever the same generation may be answered from otherwise. The file of aliases
    that the settings name has to be there."""
    digest = hashlib.blake2b(program(Path(__file__).parent).encode(), digest_size=6)
    digest.update(repr((settings.site, settings.weights)).encode())
    if settings.aliases:
        digest.update(Path(settings.aliases).read_bytes())
    return digest.hexdigest()


@cache
def program(folder: Path) -> str:
    """Changes whenever a file of a package does."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob("*")):
        # Of what Python compiles, files come and go while others start.
        if path.parent.name != "__pycache__" and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
