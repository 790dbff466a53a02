"""The back office a playbook wants: the company's own where it describes one, the demo's else."""

from collections.abc import Mapping
from pathlib import Path

from voice.dialogue.demo_back_office import DemoBackOffice
from voice.dialogue.http_back_office import HttpBackOffice
from voice.dialogue.playbook import Playbook


def open_back_office(
    playbook: Playbook, playbooks: Path, data: Path, environment: Mapping[str, str]
) -> DemoBackOffice | HttpBackOffice:
    """Return what answers the playbook's inquiries; `close` it when done.

    Args:
        playbook: the playbook.
        playbooks: the folder it lies in; its seed fills the demo.
        data: the folder the demo keeps its file in.
        environment: where the secrets of a company's service are looked up.

    Raises:
        PlaybookError: a secret is not set.
        OSError: the demo cannot be set up.
    """
    if playbook.back_office:
        return HttpBackOffice(playbook.back_office, environment)
    return DemoBackOffice(playbooks / playbook.name, data / "back-office" / f"{playbook.name}.sqlite")
