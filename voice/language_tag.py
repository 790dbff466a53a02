"""Language tags, such as `en` or `fr-FR`, as calls and playbooks name languages."""


def code(tag: str) -> str:
    """Return the ISO 639-1 code of a language tag: its region and case don't matter."""
    return tag.partition("-")[0].lower()
