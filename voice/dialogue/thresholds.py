"""How much the bot puts up with before a person takes over, as a playbook's `line.yaml` writes it."""

from typing import Annotated

from pydantic import Field

from voice.dialogue.texts import Part

Probability = Annotated[float, Field(ge=0, le=1)]


class AngerThresholds(Part):
    """When anger sends a call to a person. Scores are 0..1."""

    strong: Probability = 0.85
    """One turn as angry as this is enough."""
    sustained: Probability = 0.6
    """So many turns in a row this angry are."""
    turns: int = Field(default=2, ge=1)
    calm: Probability = 0.4
    """A turn below this starts the count again; between this and `sustained` it only pauses."""
    felt: bool = True
    """False switches emotion off on this line: neither voice nor words are scored, nothing is journalled."""
    heard: bool = True
    """False leaves callers' voices out on this line; their words still count."""
    false_per_100: float = Field(default=2.0, ge=0.1, le=20)
    """How many of 100 calm calls may be handed over for their voice."""
    pinned: Probability | None = None
    """The voice's threshold, instead of the one the line learns from its calls."""


class ComplexityWeights(Part):
    """What each sign of a complicated call weighs.

    An amount, a long call and earlier calls weigh up to twice that, the further they are beyond their limit:
    twice the amount, twice as long, a second earlier call.
    """

    repeated: float = Field(default=1.0, ge=0)
    several_matters: float = Field(default=1.0, ge=0)
    amount: float = Field(default=1.0, ge=0)
    recent_call: float = Field(default=1.0, ge=0)
    long_call: float = Field(default=1.0, ge=0)


class ComplexityThresholds(Part):
    """When a call is too complicated for the bot: the weights of the signs in it are added up."""

    threshold: float = Field(default=1.0, gt=0)
    """A sum of this is a reason for a person."""
    calm: float = Field(default=0.5, ge=0)
    """After that only a sum that has fallen to this can become a reason again."""
    relief: float = Field(default=0.25, ge=0)
    """What a turn that was answered without a new sign takes away."""
    weights: ComplexityWeights = ComplexityWeights()
    amount: float = Field(default=1000.0, gt=0)
    """Above it, in whatever currency, a person decides."""
    long_call_s: float = Field(default=300.0, gt=0)
    """Seconds a caller talks to the bot."""
    recent_hours: float = Field(default=24.0, gt=0)
    """How long ago a call about the same thing was short ago."""
    judgement: tuple[str, ...] = ()
    """Requests that need judgement; two of them in one breath are too many."""


class Thresholds(Part):
    """How much the bot puts up with before a person takes over."""

    understood: Probability = 0.5
    """The least confidence with which a request is served."""
    anger: AngerThresholds = AngerThresholds()
    not_understood: int = Field(default=2, ge=1)
    """Turns in a row."""
    not_understood_in_all: int = Field(default=3, ge=1)
    complexity: ComplexityThresholds = ComplexityThresholds()
    repeated: int = Field(default=1, ge=1)
    """How often the same thing is asked again after it was answered."""
    silences: int = Field(default=2, ge=0)
    """How often a silent caller is asked again."""
    failures: int = Field(default=1, ge=1)
    """So many back-office calls that fail, on the whole call, lead to a person; before that the bot says that
    it cannot, and goes on."""
    back_office_s: float = Field(default=2.0, gt=0, le=10)
    """Seconds a back-office call may take."""
