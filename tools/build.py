"""Configure and build with CMake, saying something only when there is something to do."""

import re
import shutil
import subprocess
import sys
import time

import fetch_i386
from host import BUILD, ROOT, QuireError, locked, say


# What ninja and CMake say when all is well.
NOISE = ("ninja: Entering directory", "ninja: no work to do", "-- ", "Preset CMake",
         "  QUIRE_DEBUG=")
STEP = re.compile(r"\[\d+/\d+\] ")
ERASE_LINE = "\x1b[K"
QUIET_SECONDS = 3


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
    """Run a step of the build. What it has to say goes to stderr as it comes."""
    progress = Progress()
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as child:
        for line in child.stdout:
            if STEP.match(line):
                progress.step(line.rstrip())
            elif line.strip() and not line.startswith(NOISE):
                progress.clear()
                print(line, end="", file=sys.stderr, flush=True)
    progress.clear()
    if child.returncode != 0:
        raise QuireError(f"{name} failed; its messages are above")


class Progress:
    """The step a build is at: one line that changes on a terminal, a line now and then elsewhere."""

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self.last = time.monotonic()

    def step(self, text):
        if self.terminal:
            width = shutil.get_terminal_size().columns
            print(f"\r{ERASE_LINE}{text[:width - 1]}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self.last > QUIET_SECONDS:
            self.last = time.monotonic()
            print(text, file=sys.stderr, flush=True)

    def clear(self):
        if self.terminal:
            print(f"\r{ERASE_LINE}", end="", file=sys.stderr, flush=True)
