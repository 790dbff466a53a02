"""What a worker's brief rests on, in the journal's own numbers. Pure."""

from collections.abc import Mapping

import msgspec

from voice.journal.events import Brief, Statement


def in_journal(brief: Brief, places: Mapping[int, int]) -> Brief:
    """Return the brief with each source a worker knows by its own number replaced by the entry's `seq`.

    Args:
        brief: its statements name what this worker reported as `-n`, and the call's history by `seq`.
        places: the `seq` given to what the worker reported, by `n`. A source it never reported is left out.
    """

    def placed(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(
            msgspec.structs.replace(
                statement,
                sources=tuple(
                    source if source > 0 else places[-source]
                    for source in statement.sources
                    if source > 0 or -source in places
                ),
            )
            for statement in statements
        )

    return msgspec.structs.replace(
        brief, tried=placed(brief.tried), promised=placed(brief.promised), facts=placed(brief.facts)
    )
