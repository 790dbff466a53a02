"""`hookflash evaluate dialogues FILE.jsonl --out FILE.jsonl`: when written calls would go to a person."""

from pathlib import Path

import click
import msgspec

from voice.evaluation_files import read_lines, share, write_lines
from voice.takeover.dialogues import Turn, triggers_of
from voice.text_line import open_line


class Expected(msgspec.Struct, frozen=True):
    """A reason somebody expects, and the caller's turn at which."""

    turn: int
    kind: str


class Dialogue(msgspec.Struct, frozen=True):
    """One line of the file; `expected` is optional."""

    id: str | int
    lang: str
    turns: tuple[Turn, ...]
    expected: tuple[Expected, ...] | None = None


class Reason(msgspec.Struct, frozen=True):
    """A reason found."""

    turn: int
    kind: str
    evidence: str
    score: float | None
    threshold: float | None


class Answer(msgspec.Struct, frozen=True):
    """One line of the answer."""

    id: str | int
    triggers: tuple[Reason, ...]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="One JSON line each."
)
@click.option("--playbook", help="The playbook's name; the default one of the settings else.")
def dialogues(file: Path, out: Path, playbook: str | None) -> None:
    """Find the reasons to hand over in the dialogues of FILE: `id`, `lang`, `turns` (`who`, `text`).

    Where the lines say what is `expected` (`turn`, `kind`), a summary says how often that is found.
    """
    given = read_lines(file, Dialogue)
    line = open_line(playbook)
    answers = []
    for dialogue in given:
        found = triggers_of(dialogue.turns, dialogue.lang, line.playbook, line.understanding, line.similarity)
        reasons = (Reason(turn, why.kind, why.evidence, why.score, why.threshold) for turn, why in found)
        answers.append(Answer(dialogue.id, tuple(reasons)))
    write_lines(out, answers)
    agreed = [
        {reason.kind for reason in answer.triggers} == {reason.kind for reason in dialogue.expected}
        for dialogue, answer in zip(given, answers, strict=True)
        if dialogue.expected is not None
    ]
    if agreed:
        click.echo(share("dialogues with exactly the reasons expected", agreed))
