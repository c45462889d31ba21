"""The guard: a show does not begin without an episode, nor lose many of them at once, except by
somebody's mistake."""

from search.contents import Contents
from search.errors import Refused
from search.settings import IndexSettings
from search.wording import plural

_WAY_OUT = "; nothing published. If that is right, run it again with --force (make: ARGS=--force)"


def require_plausible(
    before: Contents | None, episodes: int, files: int, bad: int, settings: IndexSettings
) -> None:
    """Raises Refused where the show shrinks, or too many of its files are bad, beyond
    `index.max_shrink` and `index.max_bad` (shares, 0 to 1), and where nothing was published
    `before` and there is nothing to publish."""
    if bad > settings.max_bad * files:
        raise Refused(
            f"{bad} of {files} files are bad, more than {settings.max_bad:.0%} "
            f"(index.max_bad){_WAY_OUT}"
        )
    if before is None and not episodes:
        raise Refused(f"no episode to show in {plural(files, 'file')}{_WAY_OUT}")
    had = len(before.episodes) if before else 0
    if had - episodes > settings.max_shrink * had:
        raise Refused(
            f"the show would shrink from {had} to {episodes} episodes, by more than "
            f"{settings.max_shrink:.0%} (index.max_shrink){_WAY_OUT}"
        )
