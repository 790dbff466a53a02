import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.speaking.text import speakable


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Your balance is £112.40.", "Your balance is £112.40."),
        ("It's **due** on the _3rd_ of May!", "It's due on the 3rd of May!"),
        ("See [our page](https://example.com/a?b=c).", "See our page."),
        ("<speak>Hello <break time='1s'/> there</speak>", "Hello there"),
        ("# Hours\n- Monday\n- Tuesday", "Hours Monday Tuesday"),
        ("Say [[ h@'loU ]] now", "Say now"),
        ("Vous êtes bien chez nous ; à bientôt…", "Vous êtes bien chez nous; à bientôt…"),
        ("5 < 6 and 7 > 2", "5 6 and 7 2"),
        ("tab\tand\x00control\u200bsigns", "tab and control signs"),
        ("--- ** ...", ""),
        ("", ""),
    ],
)
def test_markup_is_not_read_out(text: str, spoken: str) -> None:
    assert speakable(text) == spoken


@given(st.text(max_size=200))
def test_nothing_that_steers_a_voice_is_left(text: str) -> None:
    spoken = speakable(text)
    assert not set(spoken) & set("<>[]{}*_`#\n\t\x00")
    assert spoken == spoken.strip()
    assert speakable(spoken) == spoken or spoken[:1].isdigit()
