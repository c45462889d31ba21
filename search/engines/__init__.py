"""The engines behind the seam of search.engine. Which one is used is decided here alone."""

from pathlib import Path

from search.engine import Engine
from search.engines.whoosh_engine import WhooshEngine
from search.settings import Settings
from search.wordlist_files import own_aliases


def open_engine(settings: Settings) -> Engine:
    """The engine of the settings' index directory; opens and creates nothing yet. Raises
    BadSetting, also of a file that the settings name."""
    if settings.aliases:
        own_aliases(Path(settings.aliases))
    return WhooshEngine(settings)
