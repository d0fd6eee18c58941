"""What the harness's programs share: the tools of ./quire, and where logs go."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))

# What /init sets for a program, so that the host's runs see the same.
ENVIRONMENT = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "HOME": "/root", "TERM": "linux"}


def test_build():
    """The build folder under test, for the unit tests of this folder."""
    return Path(os.environ.get("QUIRE_TEST_BUILD", ROOT / "build" / "debug"))


def log_write(build, name, **sections):
    """Keep the log of a test; the path."""
    folder = build / "logs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.log"
    with open(path, "wb") as file:
        for title, data in sections.items():
            file.write(f"---- {title}\n".encode() + bytes(data))
    return path


def first_difference(ours, theirs):
    """Sentences about the first line in which Quire's output differs from the host's."""
    ours, theirs = ours.splitlines(), theirs.splitlines()
    line = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b),
                min(len(ours), len(theirs)))
    return (f"line {line + 1} of the output differs from the host's:\n"
            f"  host:  {b''.join(theirs[line:line + 1])!r}\n"
            f"  Quire: {b''.join(ours[line:line + 1])!r}")
