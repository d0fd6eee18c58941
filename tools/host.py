"""What the parts of ./quire share: where things are, and how to speak to the user."""

import contextlib
import fcntl
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
I386 = BUILD / "i386"  # Debian's i386 packages, unpacked (fetch_i386.py).
PRESETS = ("debug", "release")


class QuireError(Exception):
    """Something went wrong that the user can understand; the text is a sentence that says what."""


def say(text):
    """Progress and trouble go to stderr: stdout belongs to the program that runs."""
    print(f"quire: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def locked(path):
    """Hold an exclusive lock on the file while the block runs; other callers wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def worker_pool(jobs):
    """Threads for so many jobs at once. When the block fails or is interrupted, no more jobs begin."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def word_list(path):
    """The lines of a list file, without comments and empty lines."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def size_bytes(text):
    """A size such as 64K, 256M or 1G in bytes; ValueError when it is none."""
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    unit = units.get(text[-1:].upper(), 1)
    digits = text[:-1] if unit > 1 else text
    if not digits.isdecimal() or int(digits) == 0:
        raise ValueError(f"{text!r} is not a size; write a number and K, M or G, such as 256M")
    return int(digits) * unit


def run_dir(name):
    """A fresh folder under build/ for the files of one run; the caller removes it. What runs that
    were killed have left is removed here."""
    runs = BUILD / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    for stale in runs.iterdir():
        if not _process_exists(int(stale.name.rpartition("-")[2])):
            shutil.rmtree(stale, ignore_errors=True)
    folder = runs / f"{name}-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    return folder


def _process_exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
