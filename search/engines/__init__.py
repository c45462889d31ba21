"""The engines behind the seam of search.engine. Which one is used is decided here alone."""

from search.engine import Engine
from search.engines.whoosh_engine import WhooshEngine
from search.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine of the settings' index directory; opens and creates nothing yet."""
    return WhooshEngine(settings)
