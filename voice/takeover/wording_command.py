"""`hookflash evaluate wording FILE.tsv --out FILE.jsonl`: what single sentences of callers are taken for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec

from voice.dialogue.acts import PERSON, act_of
from voice.dialogue.understanding import Intent
from voice.emotion.wording import shipped
from voice.evaluation_files import read_table, share, write_lines
from voice.text_line import TextLine, open_line

_YES = frozenset(("1", "true", "yes", "angry", "irritated"))


class Found(msgspec.Struct, frozen=True):
    """An intent of the playbook, topics for people only included."""

    name: str
    confidence: float


class Reading(msgspec.Struct, frozen=True):
    """One line of the answer. Scores are 0..1; .5 is the default threshold."""

    lang: str
    text: str
    wants_human: float
    anger: float
    intents: tuple[Found, ...]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="One JSON line each."
)
@click.option("--playbook", help="The playbook's name; the default one of the settings else.")
def wording(file: Path, out: Path, playbook: str | None) -> None:
    r"""Read the sentences of FILE: columns `lang`, `text` and, for a summary, labels.

    \b
    wants_human or asks   0 or 1
    anger                 0 or 1, or calm, irritated, angry
    intent or label       a request's or a topic's name; empty or `none` where the line knows none
    """
    rows = read_table(file, "lang", "text")
    line = open_line(playbook)
    readings = [_read(row, line) for row in rows]
    write_lines(out, readings)
    for summary in _summary(rows, readings):
        click.echo(summary)


def _read(row: Mapping[str, str], line: TextLine) -> Reading:
    language = line.playbook.language_or_default(row["lang"])
    text = row["text"]
    intents: Sequence[Intent] = ()
    if act_of(text, language) is None:
        intents = line.understanding.read(text, language)
    return Reading(
        lang=row["lang"],
        text=text,
        wants_human=round(line.understanding.asking.chance(text, language), 4),
        anger=shipped().read(text, language).score,
        intents=tuple(Found(intent.name, intent.confidence) for intent in intents if intent.name != PERSON),
    )


def _summary(rows: Sequence[Mapping[str, str]], readings: Sequence[Reading]) -> list[str]:
    pairs = list(zip(rows, readings, strict=True))
    lines = []
    for column, score in (("wants_human", "wants_human"), ("asks", "wants_human"), ("anger", "anger")):
        for positive, what in ((True, "found"), (False, "left alone")):
            right = [
                (getattr(reading, score) >= 0.5) is positive
                for row, reading in pairs
                if row.get(column, "") != "" and (row[column].lower() in _YES) is positive
            ]
            if right:
                lines.append(share(f"{column} {what}", right))
    lines += _intents(pairs)
    return lines


def _intents(pairs: Sequence[tuple[Mapping[str, str], Reading]]) -> list[str]:
    """Return the shares of requests read as exactly the right one, and of everything else declined."""
    known, declined = [], []
    for row, reading in pairs:
        label = row.get("intent", row.get("label"))
        if label is None:
            continue
        found = [intent.name for intent in reading.intents]
        if label in ("", "none"):
            asked = reading.wants_human >= 0.5 and not {"asks", "wants_human"} & set(row)
            declined.append(not found and not asked)
        else:
            known.append(found == [label])
    summaries = (("intent right", known), ("out of scope rejected", declined))
    return [share(what, right) for what, right in summaries if right]
