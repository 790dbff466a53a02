"""`hookflash evaluate anger DIR --out FILE.jsonl`: what the meter would have made of recorded calls."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from voice.dialogue.playbook import Playbook, load
from voice.dialogue.playbook_files import PlaybookError
from voice.emotion import summary
from voice.emotion.anger import AngerMeter
from voice.emotion.calibration_command import told
from voice.emotion.corpus import CorpusError, Recording, read_manifest
from voice.emotion.learning import learnt
from voice.emotion.meters import Meters, encoder
from voice.emotion.scoring import Fires, Line, Words, score
from voice.emotion.transcribing import Transcriber
from voice.journal.events import Felt
from voice.models.location import MissingModel, sentence_model, whisper_weights
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import SettingsError, load_settings
from voice.takeover.triggers import Triggers


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="One JSON line a clip."
)
@click.option(
    "--calibrate-on",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder of the same line's unlabelled calls, from which its threshold is learnt first.",
)
@click.option("--prosody-only", is_flag=True, help="Without the models that must be prepared.")
def anger(folder: Path, out: Path, calibrate_on: Path | None, prosody_only: bool) -> None:
    """Score the recordings in FOLDER, listed in its manifest.csv: file, optionally call, turn, lang, text.

    With `call` a call's clips are the caller's turns in order, without it each clip stands alone. `text` is
    taken as the words; without such a column they are transcribed. Where `emotion` is there too, a summary
    and a plot (beside FILE, as .svg) say how right the scores are.
    """
    try:
        settings = load_settings()
        playbook = load(settings.playbooks / settings.playbook)
        if not playbook.thresholds.anger.felt:
            raise click.ClickException(
                f"On the line {playbook.name} nobody's feelings are told: its playbook says "
                "`thresholds.anger.felt: false`."
            )
        listener = None if prosody_only else encoder(whisper_weights(settings))
        sentences = None if prosody_only else SentenceEncoder(sentence_model(settings)).embed
        meters = Meters(None, listener, sentences, today=lambda: datetime.now(UTC).date())
        recordings = read_manifest(folder)
        if calibrate_on is not None:
            threshold = learnt(read_manifest(calibrate_on), listener)
            meters.learn(playbook.name, threshold)
            click.echo(told(meters, playbook.name, playbook.thresholds.anger))
        with Transcriber(settings) as words:
            lines = _score(recordings, out, meters.of(playbook), words, playbook)
    except (CorpusError, MissingModel, PlaybookError, SettingsError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written ({error.strerror}).") from None
    if any(recording.emotion for recording, _ in lines):
        click.echo(summary.table(lines))
        out.with_suffix(".svg").write_text(summary.plot(lines), encoding="utf-8")


def _score(
    recordings: Sequence[Recording],
    out: Path,
    meter: Callable[[], AngerMeter],
    words: Words,
    playbook: Playbook,
) -> list[tuple[Recording, Line]]:
    """Write each clip's line as soon as it is scored; return them all."""
    lines = []
    with out.open("wb") as file:
        for recording, line, _ in score(recordings, meter, words, lambda: trigger(playbook)):
            file.write(msgspec.json.encode(line) + b"\n")
            lines.append((recording, line))
    return lines


def trigger(playbook: Playbook) -> Fires:
    """Return what decides for one call: the takeover's own trigger for anger, with the playbook's limits."""
    triggers = Triggers(playbook)

    def fires(felt: Felt, words: str) -> bool:
        return triggers.observe(felt, felt.end) is not None

    return fires
