"""Days of the calendar as people and generators write them.

2021-06-25T08:00:00Z    25.06.2021           Fri, 25 Jun 2021 08:00:00 +0000
2021/06/25              20210625             June 25, 2021
1624608000000 (since 1970, in thousandths of a second or in whole ones)
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo

_TIME = r"(?:[T, ].{0,40})?\Z"
_MONTH = r"(?P<name>[A-Za-z]{3})[a-z]{0,6}\.?"
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,? )?"
_FORMS = tuple(
    re.compile(form + _TIME)
    for form in (
        r"(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})",
        r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4})",
        rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<year>[0-9]{{4}})",
        rf"{_WEEKDAY}{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})",
    )
)
# Of the years 2001 to 2033: `2021060512` is no such number.
_SINCE_1970 = re.compile(r"(1[0-9]{9})(?:[0-9]{3})?\Z")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)? ?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})\Z"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def as_date(text: str, zone: tzinfo | None = None) -> date | None:
    """The day of a date, whatever time follows it; if that says how far it is from UTC, the day
    that it is then in the time zone. None for what is in no calendar and for what may be two days,
    such as `02/10/2021`."""
    moment = _MOMENT.match(text) if zone else None
    if moment:
        with suppress(ValueError, OverflowError):
            told = datetime.fromisoformat("{}T{}{}".format(*moment.groups()))
            return told.astimezone(zone).date()
    seconds = _SINCE_1970.match(text)
    if seconds:
        return datetime.fromtimestamp(int(seconds[1]), UTC).date()
    for form in _FORMS:
        found = form.match(text)
        if found:
            return _day(found.groupdict())
    return None


def _day(parts: dict[str, str]) -> date | None:
    name = parts.get("name", "").lower()
    month = _MONTHS.index(name) + 1 if name in _MONTHS else int(parts.get("month", 0))
    try:
        return date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None
