"""Configure and build with CMake, saying something only when there is something to do."""

import subprocess
import sys

import fetch_i386
from host import BUILD, ROOT, QuireError, locked, say


def build_dir(preset):
    return BUILD / preset


def build(preset, *targets):
    """Bring targets (all when none is named) of the preset up to date. Returns the build folder."""
    fetch_i386.fetch()
    folder = build_dir(preset)
    # ninja has no lock of its own: two calls at once would build the same files.
    with locked(BUILD / f"{preset}.lock"):
        if not (folder / "build.ninja").exists():
            say(f"configuring the {preset} build…")
            _run("cmake", ["cmake", "--preset", preset, "--log-level=WARNING"])
        if not _up_to_date(folder, targets):
            say(f"building build/{preset}…")
            _run("ninja", ["ninja", "-C", str(folder), *targets])
    return folder


def _run(name, command):
    # Ninja draws its progress on what it takes for a terminal: our stderr.
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(),
                      check=False).returncode != 0:
        raise QuireError(f"{name} failed; its messages are above")


def _up_to_date(folder, targets):
    dry = subprocess.run(["ninja", "-C", str(folder), "-n", *targets], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, check=False)
    return dry.returncode == 0 and "ninja: no work to do." in dry.stdout
