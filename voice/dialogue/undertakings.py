"""What the company, the caller or a thing "will", "may" or "has" done, whatever the verb.

The kinds of `commitments` name what customers are usually granted; nobody can list the rest of it. So a
sentence that says of anybody what they will do or have done commits to it, unless the verb is known to commit
to nothing ("look", "ask", "see"). The verbs stand in `wordings/undertakings.*.yaml`.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voice import yaml_file

_WORDINGS = Path(__file__).with_name("wordings")
_SUPPOSED = re.compile(
    r"\b(?:once|when|if|after|as soon as|until|unless|before|whether|how|what|why|where|that you|"
    r"une fois que?|quand|si|s'|apres que?|des que?|lorsque?|avant que?|comment|pourquoi|ou) ?(?:\w+ )?$"
)
"""What comes behind is a condition or a question, not something told."""
_LONG_ENOUGH = 5
"""Characters behind the verb in which a denial still denies it."""


@dataclass(frozen=True)
class Undertaking:
    """What would be done, and the verb that says it."""

    words: str
    verb: str


@dataclass(frozen=True)
class _Doer:
    says: tuple[re.Pattern[str], ...]
    harmless: frozenset[str]
    harmless_with_figures: frozenset[str]
    denied: bool
    """Whether a denial takes it back: who "need not" do something is granted it."""


@dataclass(frozen=True)
class _Doers:
    known: tuple[_Doer, ...]
    trifles: re.Pattern[str]
    spared: re.Pattern[str]


def undertaking(clause: str, language: str, denied: re.Pattern[str], *, figures: bool) -> Undertaking | None:
    """Return the first thing a clause undertakes.

    Args:
        clause: lower-case words, numbers in digits.
        language: `en` or `fr`.
        denied: the language's denials.
        figures: it states figures, which are judged by themselves; only the company's own doing counts then.
    """
    doers = _doers(language)
    if spared := doers.spared.search(clause):
        return Undertaking(spared[0], spared[0].split()[-1])
    if doers.trifles.search(clause):
        return None
    for doer in doers.known[:1] if figures else doers.known:
        harmless = doer.harmless | (doer.harmless_with_figures if figures else frozenset())
        for pattern in doer.says:
            for match in pattern.finditer(clause):
                verb = next(group for group in match.groups() if group)
                taken_back = doer.denied and denied.search(clause[: match.end() + _LONG_ENOUGH])
                supposed = _SUPPOSED.search(clause[: match.start()])
                if verb not in harmless and not taken_back and not supposed:
                    return Undertaking(match[0].strip(" ,;"), verb)
    return None


@cache
def _doers(language: str) -> _Doers:
    source = yaml_file.load(_WORDINGS / f"undertakings.{language}.yaml")
    return _Doers(
        known=tuple(
            _Doer(
                says=tuple(re.compile(line.strip()) for line in source[name]["says"].strip().splitlines()),
                harmless=frozenset(source[name]["harmless"].split()),
                harmless_with_figures=frozenset(source[name].get("harmless_with_figures", "").split()),
                denied=name != "caller",
            )
            for name in ("company", "caller", "things")
        ),
        trifles=_any(source["trifles"]),
        spared=_any(source["spared"]),
    )


def _any(lines: str) -> re.Pattern[str]:
    return re.compile("|".join(line.strip() for line in lines.strip().splitlines()))
