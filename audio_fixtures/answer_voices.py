"""Who says short answers, in the parts that teach, are chosen on and are measured on.

Piper's one speaker is in all parts, in other sizes; of Flite's four two teach and one is in each of the
others; no variant of eSpeak NG's is in two parts. Kokoro's and SVOX Pico's voices teach alone.
"""

from audio_fixtures.voices import Voice

_VARIANTS = {
    "train": [
        "f1",
        "f3",
        "f4",
        "m1",
        "m3",
        "m5",
        "m7",
        "Andrea",
        "Gene",
        "adam",
        "anika",
        "belinda",
        "benjamin",
        "caleb",
    ],
    "development": ["f2", "m2", "m6", "Alex", "linda"],
    "final": ["f5", "m4", "m8", "Annie", "Michael", "john", "steph"],
}
_ACCENTS = {
    "en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "fr": ("fr", "fr-be", "fr-ch"),
}
_JOE = {
    "train": ((0.8, 4), (0.87, 2), (0.93, -2), (1.0, 0), (1.0, 3), (1.07, -1), (1.14, 3), (1.2, 6)),
    "development": ((0.84, -2), (1.1, 4)),
    "final": ((0.9, 1), (0.97, -3), (1.17, 5)),
}
_KOKORO = {
    "en": (
        *(f"en-us+af_{name}" for name in (
            "alloy", "aoede", "bella", "heart", "jessica", "kore", "nicole", "nova", "river", "sarah",
            "sky")),
        *(f"en-us+am_{name}" for name in (
            "adam", "echo", "eric", "fenrir", "liam", "michael", "onyx", "puck", "santa")),
        *(f"en-gb+{name}" for name in (
            "bf_alice", "bf_emma", "bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_george",
            "bm_lewis")),
        *(f"en-us+{name}" for name in ("em_alex", "ff_siwis", "hm_omega", "zm_yunxi")),
    ),
    "fr": (
        *("fr+ff_siwis",) * 5,
        *(f"fr+{name}" for name in (
            "af_heart", "am_adam", "am_michael", "bm_fable", "ef_dora", "em_alex", "hm_omega", "if_sara",
            "im_nicola", "pm_alex")),
    ),
}  # fmt: skip
"""Its one French voice in several sizes, and others that speak with their accents."""
KOKORO_PACE = 1.2
"""It speaks single words slowly."""
_SIZES, _FURTHER_SIZES = (1.0, 0.93, 1.06, 0.97, 1.1), (0.9, 1.03, 0.95, 1.13, 1.08)
_PICO = {
    "en": tuple((name, size) for name in ("en-US", "en-GB") for size in (0.88, 0.95, 1.0, 1.08)),
    "fr": tuple(("fr-FR", size) for size in (0.84, 0.89, 0.94, 1.0, 1.05, 1.1)),
}
"""Its voices are people's; played faster or slower they are others."""
_FURTHER_VARIANTS = (
    "Denis", "Diogo", "Gene2", "Henrique", "Hugo", "Jacky", "Lee", "Marco", "Mario", "Mike", "Nguyen",
    "antonio", "boris", "david", "ed", "edward", "grandma", "grandpa", "gustave", "iven", "iven2", "klatt",
    "klatt2", "klatt4", "marcelo", "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy",
    "rob", "robert", "sandro", "shelby", "travis", "victor", "zac",
)  # fmt: skip
_FURTHER_KOKORO = {
    "en": _KOKORO["en"],
    "fr": (
        *("fr+ff_siwis",) * 2,
        *(f"fr+{name}" for name in (
            "em_santa", "pf_dora", "pm_santa", "af_bella", "am_puck", "bm_george", "hf_alpha", "if_sara")),
    ),
}  # fmt: skip
_FLITE = {"train": ("awb", "kal"), "development": ("rms",), "final": ("slt",)}


def voices(part: str, language: str) -> list[Voice]:
    """Return who speaks a language in a part; in `train` before Kokoro and the further ones."""
    noise = 0.7 if part == "train" else 0.5
    everybody = [Voice("piper", "joe", size, pitch, noise) for size, pitch in _JOE[part]]
    if language == "en":
        everybody += [
            Voice("flite", name, size, round(12 * (1 - size)))
            for name in _FLITE[part]
            for size in (0.9, 1.0, 1.1)
        ]
    accents = _ACCENTS[language]
    per = 2 if part == "train" and language == "fr" else 1
    everybody += [
        Voice("espeak", f"{accents[(place + turn) % len(accents)]}+{variant}")
        for place, variant in enumerate(_VARIANTS[part])
        for turn in range(per)
    ]
    return everybody


def further_voices(language: str) -> dict[str, list[Voice]]:
    """Return who else teaches a language, by program."""
    accents = _ACCENTS[language]
    return {
        "pico": [Voice("pico", name, size, round(12 * (1 - size))) for name, size in _PICO[language]],
        "espeak": [
            Voice("espeak", f"{accents[place % len(accents)]}+{variant}")
            for place, variant in enumerate(_FURTHER_VARIANTS)
        ],
        "kokoro": _by_kokoro(_FURTHER_KOKORO[language], _FURTHER_SIZES),
    }


def kokoro_voices(language: str) -> list[Voice]:
    """Return Kokoro's voices that teach a language."""
    return _by_kokoro(_KOKORO[language], _SIZES)


def _by_kokoro(names: tuple[str, ...], sizes: tuple[float, ...]) -> list[Voice]:
    return [Voice("kokoro", name, sizes[place % len(sizes)]) for place, name in enumerate(names)]
