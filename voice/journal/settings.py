"""What the settings of both sides have in common: where they come from, and how a mistake in one is told."""

from collections.abc import Collection, Mapping
from typing import Any

PREFIX = "HOOKFLASH_"
"""Begins the name of every setting in the environment."""


class SettingsError(ValueError):
    """A setting cannot be used; the message is one sentence that names it."""


def mistake(found: Mapping[str, Any], secrets: Collection[str]) -> SettingsError:
    """Return a mistake as one sentence, without the value where it is a secret.

    Args:
        found: one of a pydantic `ValidationError`'s errors.
        secrets: the settings whose values are not to be shown.
    """
    field = str(found["loc"][0])
    reason = found["msg"][:1].lower() + found["msg"][1:]
    value = " cannot be used:" if field in secrets else f" is {found['input']!r}, but"
    return SettingsError(f"{PREFIX}{field.upper()}{value} {reason}.")
