from telephony.calls.sources import in_journal
from voice.journal.events import Brief, Statement


def test_a_workers_own_numbers_become_the_journals() -> None:
    brief = Brief(
        headline="h",
        reason="r",
        tried=(Statement(text="answered", sources=(-1, -3)),),
        promised=(Statement(text="promised", sources=(-2,)),),
        facts=(Statement(text="from history", sources=(5,)), Statement(text="never reported", sources=(-9,))),
    )
    placed = in_journal(brief, {1: 11, 2: 12, 3: 14})
    assert placed.tried[0].sources == (11, 14)
    assert placed.promised[0].sources == (12,)
    assert [fact.sources for fact in placed.facts] == [(5,), ()]
    assert (placed.headline, placed.tried[0].text) == ("h", "answered")
