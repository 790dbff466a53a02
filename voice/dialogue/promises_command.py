"""`hookflash evaluate promises FILE.jsonl --out FILE.jsonl`: which sentences the guardrails let pass."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click
import msgspec

from voice.dialogue.guardrails import Verdict, judge
from voice.dialogue.saying import in_sentences
from voice.evaluation_files import read_lines, share, write_lines


class Rule(msgspec.Struct, frozen=True):
    """A clause."""

    id: str
    text: str


class Claim(msgspec.Struct, frozen=True):
    """One line of the file: a text, and what may carry it."""

    id: str | int
    lang: str
    text: str
    facts: tuple[str, ...] = ()
    clauses: tuple[Rule, ...] = ()
    allowed: bool | None = None


class Judged(msgspec.Struct, frozen=True):
    """One line of the answer."""

    id: str | int
    allowed: bool
    why: str


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="One JSON line each."
)
def promises(file: Path, out: Path) -> None:
    """Judge the sentences in FILE: `id`, `lang`, `text`, `facts` (`name=value`), `clauses` (`id`, `text`).

    Where the lines say whether a text is `allowed`, a summary says how often the judgement agrees.
    """
    claims = read_lines(file, Claim)
    answers = [judged(claim) for claim in claims]
    write_lines(out, answers)
    for allowed, what in ((False, "unsupported texts held back"), (True, "supported texts let pass")):
        right = [
            answer.allowed is allowed
            for claim, answer in zip(claims, answers, strict=True)
            if claim.allowed is allowed
        ]
        if right:
            click.echo(share(what, right))


def judged(claim: Claim) -> Judged:
    """Judge one line; a text of several sentences passes only whole."""
    language = "fr" if claim.lang.lower().startswith("fr") else "en"
    clauses = {rule.id: rule.text for rule in claim.clauses}
    verdict = judge_text(claim.text, language, facts_of(claim.facts), clauses)
    return Judged(claim.id, verdict.allowed, verdict.why)


def judge_text(text: str, language: str, facts: Mapping[str, str], clauses: Mapping[str, str]) -> Verdict:
    """Judge every sentence of a text; return the first that may not be spoken, or what carries them all."""
    verdicts = [judge(sentence, language, facts, clauses) for sentence in in_sentences(text)]
    refused = next((verdict for verdict in verdicts if not verdict.allowed), None)
    if refused is not None:
        return refused
    clause = next((verdict.clause for verdict in verdicts if verdict.clause), None)
    why = "; ".join(dict.fromkeys(verdict.why for verdict in verdicts if verdict.why))
    return Verdict(True, why or "claims nothing", clause)


def facts_of(lines: Iterable[str]) -> dict[str, str]:
    """Read `name=value` lines; of two of one name both count."""
    facts: dict[str, str] = {}
    for number, line in enumerate(lines):
        name, found, value = line.partition("=")
        if not found:
            name, value = f"fact_{number}", line
        facts[f"{name.strip()}_{number}" if name.strip() in facts else name.strip()] = value.strip()
    return facts
