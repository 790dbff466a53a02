"""`hookflash train anger DIR...` and `hookflash train wording`."""

import tempfile
from pathlib import Path

import click
import numpy as np

from voice.emotion import wording_training
from voice.emotion.card import card
from voice.emotion.corpus import CorpusError, measure, read_manifest
from voice.emotion.meters import encoder
from voice.emotion.voice_training import Clips, join, train
from voice.models.location import MissingModel, sentence_model, whisper_weights
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import load_settings

WEIGHTS = Path(__file__).parent / "weights"


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=WEIGHTS / "anger.npz",
    help="The model file; its card is written beside it. Default: the one this installation uses.",
)
@click.option(
    "--longest",
    type=click.FloatRange(min=0.6),
    default=2.0,
    show_default=True,
    help="Seconds of each clip that count: a caller is scored as the turn goes on.",
)
@click.option(
    "--beside",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder whose clips stay out of the model: the card says what they would have brought.",
)
@click.option("--prosody-only", is_flag=True, help="Without the recogniser's encoder.")
def anger(
    folders: tuple[Path, ...], out: Path, longest: float, beside: tuple[Path, ...], prosody_only: bool
) -> None:
    """Train the voice's part of anger on FOLDERS, each with a manifest.csv: file, speaker, emotion, lang.

    Angry clips are those with the emotion `anger`; `neutral` and `calm` ones make each speaker's baseline.
    Half a minute for 500 clips; the same clips give the same file.
    """
    _require_writable(out)
    try:
        listener = None if prosody_only else encoder(whisper_weights(load_settings()))
        corpora, others = (
            [
                measure(read_manifest(folder, ("file", "speaker", "emotion")), listener, longest=longest)
                for folder in some
            ]
            for some in (folders, beside)
        )
    except (CorpusError, MissingModel) as error:
        raise click.ClickException(str(error)) from None
    clips = join(corpora)
    _require_enough(clips)
    model, left_out = train(clips, listener.fingerprint if listener else "")
    model.save(out)
    compared = (everything := join([*corpora, *others]), train(everything)[1]) if others else None
    out.with_suffix(".md").write_text(card(clips, folders, left_out, longest, compared), encoding="utf-8")
    click.echo(f"{out}: {len(clips.speaker)} clips of {len(np.unique(clips.speaker))} speakers.")


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=WEIGHTS / "wording.npz")
def wording(out: Path) -> None:
    """Train the wording's part of anger on the graded phrases of this package; about a minute."""
    _require_writable(out)
    try:
        sentences = SentenceEncoder(sentence_model(load_settings())).embed
    except MissingModel as error:
        raise click.ClickException(str(error)) from None
    wording_training.save(out, sentences)
    click.echo(str(out))


def _require_writable(out: Path) -> None:
    """Say so before all the work is done, such as where this package may not be written to."""
    try:
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise click.ClickException(
            f"{out.parent} cannot be written to ({error.strerror}): name another file with --out."
        ) from None


def _require_enough(clips: Clips) -> None:
    if len(np.unique(clips.speaker)) < 3 or not clips.angry.any() or clips.angry.all():
        raise click.ClickException(
            "There is too little to train on: it takes three speakers, some of their clips with the emotion "
            "`anger` and some without."
        )
