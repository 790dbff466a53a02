"""What a playbook writes once per language: one wording or several, with `{name}` where a fact belongs."""

from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["en", "fr"]


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Wordings = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several), Field(min_length=1)
]
Texts = dict[Language, Wordings]
Examples = dict[Language, tuple[str, ...]]


class Part(BaseModel):
    """Part of a playbook: nothing in it changes, and a word it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def placeholders(wording: str) -> set[str]:
    """Return the names of the facts a wording wants."""
    return {name for _, name, _, _ in Formatter().parse(wording) if name}
