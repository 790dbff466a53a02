"""A line's opening hours and time zone, as a playbook writes them."""

from datetime import time
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _hours(value: Any) -> Any:
    if value == "closed":
        return None
    if isinstance(value, str):
        try:
            opens, closes = (time.fromisoformat(part.strip()) for part in value.split("-"))
        except ValueError:
            raise ValueError("write the hours as `08:00-20:00`, or `closed`") from None
        if opens >= closes:
            raise ValueError("the closing time must come after the opening time")
        return (opens, closes)
    raise ValueError("write the hours as `08:00-20:00`, or `closed`")


def _time_zone(value: Any) -> Any:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, TypeError, ZoneInfoNotFoundError):
        raise ValueError("write a time zone's name, for example `Europe/Paris`") from None
    return value


Hours = Annotated[tuple[time, time] | None, BeforeValidator(_hours)]
"""When people answer on a day; None where they do not."""
TimeZone = Annotated[str, BeforeValidator(_time_zone)]
