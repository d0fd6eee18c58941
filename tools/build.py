"""Configure and build with CMake, saying something only when there is something to do."""

import subprocess
import sys

import fetch_i386
from host import BUILD, ROOT, QuireError, locked, say


# What ninja and CMake say when there is nothing to do.
NOISE = ("ninja: Entering directory", "ninja: no work to do", "[0/", "-- ", "Preset CMake",
         "  QUIRE_DEBUG=")


def build_dir(preset):
    return BUILD / preset


def build(preset, *targets):
    """Bring targets (all when none is named) of the preset up to date. Returns the build folder."""
    fetch_i386.fetch()
    folder = build_dir(preset)
    # ninja has no lock of its own: two calls at once would build the same files.
    with locked(BUILD / f"{preset}.lock"):
        if not (folder / "build.ninja").exists():
            say(f"configuring build/{preset}…")
            _run("cmake", ["cmake", "--preset", preset, "--log-level=WARNING"])
        _run("ninja", ["ninja", "-C", str(folder), *targets])
    return folder


def _run(name, command):
    """Run a step of the build; what it says goes to stderr, as it comes and without the noise."""
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as child:
        for line in child.stdout:
            if line.strip() and not line.startswith(NOISE):
                print(line, end="", file=sys.stderr, flush=True)
    if child.returncode != 0:
        raise QuireError(f"{name} failed; its messages are above")
