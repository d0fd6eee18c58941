#!/usr/bin/env python3
"""Pull the plug: kill QEMU while programs work on an ext2 disk, repair, and look for what was fsynced.

    crash.py KILLS [SEED]

The rule: e2fsck -fy repairs the disk (a second one finds nothing), and every file that load.c has
reported as fsynced, and not as about to be changed since, is there with its bytes. Every other disk
has a cache of its own that loses what it was not told to flush.
"""

import os
import random
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness"))

from common import log_write, test_build  # noqa: E402 (the path is set above)

import machine
import session

DISK_SIZE = 16 << 20
SETTLE = 2.0  # Seconds of work before the kill, at most.
BOOT = 60  # Seconds until the first report, at most.


class Broken(Exception):
    """The rule was broken; the text says how."""


def run(*command):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


def must(*command):
    done = run(*command)
    if done.returncode != 0:
        raise Broken(f"{command[0]} failed: {done.stdout}")


def make_disk(path, block_size):
    with open(path, "wb") as file:
        file.truncate(DISK_SIZE)
    must("mke2fs", "-q", "-F", "-t", "ext2", "-b", block_size, "-N", 512, path)


def make_cached(path):
    """The same disk behind a cache that the kill destroys."""
    cached = path.with_suffix(".qcow2")
    must("qemu-img", "convert", "-O", "qcow2", "-o", "cluster_size=4096", path, cached)
    return machine.CachedDisk(cached)


def run_and_kill(vm, patience, log):
    """Start the machine and kill it patience seconds after its first report. All reports."""
    report = bytearray()
    port = machine.Port("com1", report.extend)
    command = vm.command() + ["-display", "none", *port.arguments(), "-serial", f"file:{log}",
                              "-serial", "null"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          preexec_fn=machine.die_with_parent,
                          pass_fds=[port.theirs.fileno()]) as qemu:
        port.theirs.close()
        deadline = time.monotonic() + BOOT
        with selectors.DefaultSelector() as selector:
            selector.register(port.ours, selectors.EVENT_READ)
            while time.monotonic() < deadline and qemu.poll() is None:
                first = not report
                if selector.select(deadline - time.monotonic()):
                    port.pump()
                if first and report:
                    deadline = time.monotonic() + patience
        ended = qemu.poll()
        qemu.kill()
        while port.pump():
            continue
        port.ours.close()
    if ended is not None or not report:
        raise Broken(f"the machine {machine.end_of(ended).value if ended else 'reported nothing'}")
    return report.decode()


def promised(report):
    """What has to be on the disk: {name: (seed, length)}. A last line without an end does not count:
    the work it is about had not gone on."""
    files = {}
    for line in report.splitlines(keepends=True):
        words = line.split()
        if not line.endswith("\n"):
            break
        if words[0] == "C":
            files.pop(words[1], None)
        elif words[0] == "S":
            files[words[1]] = (int(words[2]), int(words[3]))
        else:
            raise Broken(f"the load says: {line.strip()}")
    return files


def stream(seed, length):
    words = ((seed + i) * 2654435761 & 0xFFFFFFFF for i in range((length + 3) // 4))
    return b"".join(word.to_bytes(4, "little") for word in words)[:length]


def check_disk(disk, files, folder):
    repaired = run("e2fsck", "-fy", disk)
    if repaired.returncode & ~3:
        raise Broken(f"e2fsck -fy ended with {repaired.returncode}:\n{repaired.stdout}")
    again = run("e2fsck", "-fn", disk)
    if again.returncode != 0:
        raise Broken(f"e2fsck -fn after -fy:\n{again.stdout}")
    folder.mkdir()
    dump = run("debugfs", "-R", f"rdump / {folder}", disk)
    for name, (seed, length) in files.items():
        path = folder / name
        if not path.is_file():
            raise Broken(f"{name} is lost\n{repaired.stdout}\n{dump.stdout}")
        if path.read_bytes() != stream(seed, length):
            raise Broken(f"{name} has other bytes than were fsynced\n{repaired.stdout}")


def one_kill(build, folder, seed):
    """One life of a machine. How many files were checked."""
    rng = random.Random(seed)
    disk = folder / "disk.img"
    make_disk(disk, rng.choice((1024, 2048, 4096)))
    load = build / "tests" / "crash" / "crash_load"
    cached = make_cached(disk) if rng.randrange(2) else None
    options = session.Options(disk=[cached or disk], put=[f"{load}:/tests/load"], mem="64M")
    vm = session.make_program_machine(build, options, ["/tests/load", str(seed)], folder)
    report = run_and_kill(vm, rng.uniform(0.05, SETTLE), folder / "log")
    if cached:
        must("qemu-img", "convert", "-O", "raw", cached.image, disk)
    try:
        files = promised(report)
        check_disk(disk, files, folder / "files")
    except Broken:
        log_write(build, f"crash.{seed}", log=(folder / "log").read_bytes(),
                  report=report.encode())
        raise
    return len(files)


def main():
    kills = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int.from_bytes(os.urandom(3), "little")
    print(f"seed {seed}", flush=True)
    checked = 0
    for number in range(kills):
        folder = Path(tempfile.mkdtemp(prefix="quire-crash-"))
        try:
            checked += one_kill(test_build(), folder, seed + number)
        except Broken as broken:
            print(f"kill {number}, crash.py 1 {seed + number}: {broken}", file=sys.stderr)
            return 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{kills} kills, {checked} fsynced files found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
