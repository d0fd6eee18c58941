#!/usr/bin/env python3
"""Run a script with Debian's programs on Quire and on the host's Linux; pass when both agree.

    programs.py --build DIR --debian DIR [OPTION]... SCRIPT

On Quire the root directory is a copy of the disk image DIR/disk.img, on the host the same files in
DIR/root. The script runs in /root, an empty folder but for itself. Exit status 0, the same standard
output and the same files in /root are demanded, and that the disk is clean when the machine is off:
the files are read from it by debugfs, not through Quire.
"""

import argparse
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from common import ENVIRONMENT, ROOT, first_difference, log_write

import session
from host import run_dir

# QEMU translates code anew wherever it has not met it yet: with a layout of its own for each process
# scripts take four times as long.
KERNEL_OPTIONS = "vmcheck=exit norandmaps"

NATIVE_ROOT = ROOT / "tests" / "harness" / "native_root.sh"


class Failure(Exception):
    """The test failed; the text says how."""


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--debian", type=Path, required=True)
    parser.add_argument("--timeout", type=float, required=True)
    parser.add_argument("--mem", default="256M")
    parser.add_argument("--swap")
    parser.add_argument("--append", default=KERNEL_OPTIONS)
    parser.add_argument("script", type=Path)
    return parser.parse_args()


def run_native(options, work):
    """Run the script on the host's Linux in the folder work. Its standard output."""
    work.mkdir()
    shutil.copy(options.script, work)
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    if os.getuid() != 0:
        command.append("--map-root-user")
    command += [NATIVE_ROOT, options.debian / "root", work, f"./{options.script.name}"]
    done = subprocess.run(command, env=ENVIRONMENT | {"PATH": os.environ["PATH"]},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=options.timeout,
                          start_new_session=True)
    if done.returncode != 0:
        raise Failure(f"exit status {done.returncode} on the host\n"
                      f"{done.stderr.decode(errors='replace')}")
    return done.stdout


def run_quire(options, disk):
    """Run the script on Quire with the disk as its root. Its standard output."""
    subprocess.run(["cp", "--sparse=always", options.debian / "disk.img", disk], check=True)
    name = options.script.name
    asked = session.Options(mem=options.mem, swap=options.swap, disk=[disk], root=True,
                            timeout=options.timeout,
                            put=[f"{options.script}:/root/{name}"],
                            append=options.append.split())
    out, err = bytearray(), bytearray()
    outcome = session.run_program(options.build, asked,
                                  ["/bin/sh", "-c", f"cd /root && exec ./{name}"],
                                  out.extend, err.extend, lambda data: None)
    log_write(options.build, f"programs.{options.script.stem}", log=outcome.log, stdout=out,
              stderr=err)
    status, trouble = session.verdict(outcome)
    if trouble or status != 0:
        raise Failure(f"{trouble or f'exit status {status}'}\n{err.decode(errors='replace')}")
    return bytes(out)


def check_disk(disk):
    done = subprocess.run(["/sbin/e2fsck", "-fn", disk], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"the disk is not clean:\n{done.stdout}")


def files_of(folder):
    """What the folder holds: {path: (kind and mode, contents or target)}. Not whether a file is
    setuid or setgid: debugfs sets that and loses it when it sets the owner."""
    found = {}
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        contents = None
        if stat.S_ISREG(mode):
            contents = path.read_bytes()
        elif stat.S_ISLNK(mode):
            contents = os.readlink(path)
        found[str(path.relative_to(folder))] = (stat.filemode(mode & ~(stat.S_ISUID | stat.S_ISGID)), contents)
    return found


def check_files(options, disk, work, expected):
    """The files in the disk's /root, read into the folder work, must be those of expected."""
    work.mkdir()
    subprocess.run(["/sbin/debugfs", "-R", f"rdump /root {work}", disk], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ours, theirs = files_of(work / "root"), files_of(expected)
    for path in sorted((ours.keys() | theirs.keys()) - {options.script.name}):
        if ours.get(path) != theirs.get(path):
            raise Failure(f"/root/{path} differs from the host's:\n"
                          f"  host:  {theirs.get(path)!r:.300}\n  Quire: {ours.get(path)!r:.300}")


def check_output(options, out, expected):
    if out == expected:
        return
    log_write(options.build, f"programs.{options.script.stem}.expected", stdout=expected)
    raise Failure(first_difference(out, expected))


def main():
    options = parse()
    folder = run_dir(f"programs-{options.script.stem}")
    try:
        expected = run_native(options, folder / "linux")
        out = run_quire(options, folder / "disk.img")
        check_output(options, out, expected)
        check_disk(folder / "disk.img")
        check_files(options, folder / "disk.img", folder / "quire", folder / "linux")
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
