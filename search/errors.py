"""Every way Seekcast can refuse or fail, as one small family.

* SeekcastError
  x UsageError            wrong flag, setting or parameter: the caller can mend it
    + BadSetting          a setting's name, value or place is wrong
    + BadParameter        a request's parameter is wrong
  x IndexUnusable         something about the index on disk
    + NoIndex             there is none yet
    + DamagedIndex        a file of a generation is missing or changed
    + StaleIndex          built by another version or with another schema: reindex
  x PublishError          a publish did not happen; what was served before still is
    + Refused             the guard said no (the show would shrink, too many bad files)
      - RefusedShow       with what was read of it, for whoever tells the owner
    + CannotWrite         no permission, no such place
    + DiskTrouble         the disk is full or failed while writing
    + AlreadyRunning      another reindex holds the lock

Every message names the thing, the place and the way out; it is fit to be shown as it is.
`EXIT_CODES` is the one table from error to exit code (sysexits.h where a code exists there).
"""

from pathlib import Path
from shlex import quote


class SeekcastError(Exception):
    """Base of all errors that Seekcast raises on purpose."""


class UsageError(SeekcastError):
    """The caller asked for something that cannot be."""


class BadSetting(UsageError):
    """A setting has an unknown name or an impossible value."""


class BadParameter(UsageError):
    """A request's parameter cannot be used; `name` says which, `code` is for machines."""

    def __init__(self, name: str, message: str, code: str = "bad_parameter") -> None:
        super().__init__(message)
        self.name = name
        self.code = code


class IndexUnusable(SeekcastError):
    """The index on disk cannot be used."""


class NoIndex(IndexUnusable):
    """There is no published generation in the index directory."""


class DamagedIndex(IndexUnusable):
    """A generation's file is missing, cut or changed since it was published."""


class StaleIndex(IndexUnusable):
    """The generation was built by another version of Seekcast and must be built anew."""


def reindex_command(index: Path | str) -> str:
    """The way out of IndexUnusable: what builds the index in that directory anew."""
    return f"make reindex EPISODES=… INDEX={quote(str(index))}"


class PublishError(SeekcastError):
    """Nothing was published; the generation served before is untouched."""


class Refused(PublishError):
    """The guard refused to publish; `--force` overrides it."""


class CannotWrite(PublishError):
    """The index directory cannot be created or written."""


class DiskTrouble(PublishError):
    """Reading or writing failed midway (disk full, I/O error)."""


class AlreadyRunning(PublishError):
    """Another reindex holds the lock of this index directory."""


EXIT_CODES: dict[type[SeekcastError], int] = {
    UsageError: 64,
    Refused: 65,
    CannotWrite: 73,
    DiskTrouble: 74,
    AlreadyRunning: 75,
    IndexUnusable: 1,
    PublishError: 74,
    SeekcastError: 1,
}


def exit_code(error: SeekcastError) -> int:
    """The process exit code for `error`: that of the nearest class in its family."""
    return next(EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES)
