"""Whether a figure that is said is the one that is known."""

import re

from voice.dialogue.quantities import Kind, Quantity, weekday_of

_NAMED_DAY = re.compile(r"[ap]\.?m\b|morning|afternoon|evening|night|:")


def equal(claimed: Quantity, own: Quantity) -> bool:
    """Return whether `own` carries `claimed`: a part of a date is carried by the whole of it."""
    if claimed.kind is Kind.DATE and own.kind is Kind.DATE:
        full = weekday_of(own.value)
        return all(part is None or part == known for part, known in zip(claimed.value, full, strict=True))
    if claimed.kind is Kind.SPAN and own.kind is Kind.DATE:
        return own.value[1] == claimed.value[0] and _within(own.value[2], claimed.value[1], claimed.value[2])
    if claimed.kind is Kind.AMOUNT and own.kind is Kind.AMOUNT:
        same_currency = None in (claimed.value[1], own.value[1]) or claimed.value[1] == own.value[1]
        return claimed.value[0] == own.value[0] and same_currency
    if claimed.kind is Kind.TIME and own.kind is Kind.TIME:
        told_apart = _NAMED_DAY.search(claimed.text)
        hours = (claimed.value[0], own.value[0]) if told_apart else (_on_dial(claimed), _on_dial(own))
        return hours[0] == hours[1]
    if claimed.kind is Kind.NUMBER or own.kind is Kind.NUMBER:
        return _same_number(claimed, own)
    return claimed.kind is own.kind and claimed.value == own.value


def _same_number(claimed: Quantity, own: Quantity) -> bool:
    if own.kind is Kind.TIME:  # "from 9 to 5"
        return float(claimed.value[0] or 0) * 60 % 720 == _on_dial(own)
    bare_number = claimed.kind in {Kind.AMOUNT, Kind.NUMBER, Kind.SHARE}
    return bare_number and claimed.value[0] == own.value[0] and own.kind is not Kind.DATE


def _on_dial(time: Quantity) -> float:
    return float(time.value[0] or 0) % 720


def _within(day: str | float | None, first: str | float | None, last: str | float | None) -> bool:
    return day is not None and float(first or 0) <= float(day) <= float(last or 0)
