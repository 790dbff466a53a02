"""Nothing is promised that no fact and no clause carries: pure, over one sentence at a time.

Every figure (amount, share, duration, date, time) and every commitment (refund, waiver, delivery, call back,
"we will ...") in a sentence must stand in what the back office found or in a clause of the playbook that
says the same: the same kind, about the same thing, as surely, under a condition that is met, for as much.
What the sentence is otherwise about is not judged here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from voice.dialogue.claims import Sentence
from voice.dialogue.clauses_stated import Clause, read_clause
from voice.dialogue.commitments import ACTION, PROMISE
from voice.dialogue.concepts import is_listed
from voice.dialogue.explained import holding, unexplained
from voice.dialogue.facts_found import Fact, read_fact
from voice.dialogue.quantities import Kind, Quantity


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may be spoken.

    Attributes:
        allowed: everything in it is carried.
        why: the words nothing carries; where it is allowed, what carries it, empty if it claims nothing.
        clause: the clause that carries a commitment in it.
    """

    allowed: bool
    why: str = ""
    clause: str | None = None


def judge(
    sentence: str,
    language: str,
    facts: Mapping[str, str],
    clauses: Mapping[str, str],
    today: date | None = None,
    *,
    own: bool = False,
) -> Verdict:
    """Return whether `sentence` may be spoken.

    Args:
        sentence: as it would be said.
        language: `en` or `fr`.
        facts: what the back office has found on this call, as it writes it.
        clauses: the text, in the same language, of each clause that may carry the sentence, by its id.
        today: the day of the call, for facts that fall on a day told as "tomorrow".
        own: the sentence is the company's, from its playbook: only what is known to commit needs carrying.
    """
    said = _read(sentence, language)
    if own:
        said = replace(said, loaded=False)
    known = [read_fact(name, value, language) for name, value in facts.items()]
    rules = [read_clause(name, text, language) for name, text in clauses.items()]
    held = holding(sentence, language, known, rules)
    carriers: list[Clause] = []
    for commitment in said.commitments:
        found = any(fact.carries(commitment) for fact in known)
        denied = any(fact.contradicts(commitment) for fact in known)
        if commitment.kind == PROMISE or (found and not denied):
            continue
        if denied and commitment.done:
            return Verdict(False, f'what was found contradicts "{commitment.words}"')
        stating = [rule for rule in held if rule.carries(commitment, said, known)]
        if (
            not stating
            and commitment.kind == ACTION
            and (said.burdened or is_listed(commitment.verb, language))
        ):
            continue  # what it means must be explained like every other word
        if not stating:
            return Verdict(False, f'no fact and no clause carries "{commitment.words}"')
        carriers += stating
    if (bare := _promised(said)) and not own and not said.figures:
        return Verdict(False, f'"{bare[0]}" promises more than a fact or a clause says')
    verdict = _judge_figures(said, known, carriers or rules, carriers, today)
    if verdict.allowed and not own and (words := unexplained(sentence, language, known, held)):
        return Verdict(False, f'no fact and no clause explains "{words}"')
    return verdict


def _judge_figures(
    said: Sentence, known: list[Fact], rules: list[Clause], carriers: list[Clause], today: date | None
) -> Verdict:
    by: list[str] = [rule.name for rule in carriers]
    for figure in said.figures:
        if figure.kind is Kind.NEAR and not (said.commitments or said.loaded):
            continue  # "today" matters where something is to come about
        about = replace(said, topics=frozenset()) if _is_whole(figure, said) else said
        fact = next((fact for fact in known if fact.has(figure, about, today)), None)
        rule = next((rule for rule in rules if rule.has(figure, said)), None)
        if fact is None and rule is None:
            return Verdict(False, f'no fact and no clause carries "{figure.text.strip()}"')
        by.append(fact.name if fact else rule.name if rule else "")
    bare = _promised(said)
    if bare and not (len(said.commitments) > len(bare) or said.figures):
        return Verdict(False, f'no fact and no clause carries "{bare[0]}"')
    if bare and any(rule.hedged for rule in carriers):
        return Verdict(False, f'"{bare[0]}" is more than {carriers[0].name} says')
    clause = carriers[0].name if carriers else None
    return Verdict(True, f"carried by {', '.join(dict.fromkeys(by))}" if by else "", clause)


def _promised(said: Sentence) -> list[str]:
    """Return the words by which a sentence vouches for whatever else it says."""
    return [commitment.words for commitment in said.commitments if commitment.kind == PROMISE]


def _is_whole(figure: Quantity, said: Sentence) -> bool:
    """Return whether a figure is what the rest is a part of: "of the 45 euros, 5 are a late fee"."""
    return any(figure.text in whole for whole in said.wholes)


@lru_cache(maxsize=512)
def _read(sentence: str, language: str) -> Sentence:
    return Sentence.read(sentence, language)
