#!/usr/bin/env python3
"""Run one test and exit 0 when it passes.

    run.py kernel [OPTION]... SUITE                     a suite inside the kernel
    run.py user   [OPTION]... NAME FILE [ARGUMENT]...   a program or script on Quire
    run.py linux  [OPTION]... NAME FILE [ARGUMENT]...   the same on the host's Linux

A script is run by the busybox of the image. On Quire its output must be what it prints on the host.
After each process on Quire the kernel recounts all memory (vmcheck=exit) and panics on a difference.
With --disk="SIZE OPTIONS" the program starts on an ext2 file system that mke2fs makes with these
options, and e2fsck has nothing to say about it afterwards.
"""

import argparse
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from common import ENVIRONMENT, first_difference, log_write

import machine
import session
from host import I386, run_dir, size_bytes

BUSYBOX = I386 / "root" / "bin" / "busybox"
STACK_LIMIT = 8 << 20  # Quire's default RLIMIT_STACK, and Linux's.
SCRATCH_DISK = 4 << 20
LOG_LINES = 60  # Of the kernel log shown with a failure.


class Failure(Exception):
    """The test failed; the text says how."""


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=("kernel", "user", "linux"))
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--mem", default=machine.DEFAULT_MEMORY)
    parser.add_argument("--swap")
    parser.add_argument("--append", default="")
    parser.add_argument("--disk")
    parser.add_argument("--icount", action="store_true")
    parser.add_argument("--expect-status", type=int, default=0)
    parser.add_argument("--kind", choices=("program", "script"), default="program")
    parser.add_argument("name")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser.parse_args()


# ---- the kernel's own suites ----

def ktap_passed(log, suite):
    """True when the report says that this suite ran and nothing in it failed."""
    text = re.sub(rb"^\[[^]\n]*\] ?", b"", log, flags=re.MULTILINE).decode(errors="replace")
    failed = re.search(r"^\s*not ok\b", text, re.MULTILINE)
    passed = re.search(rf"^ok \d+ {re.escape(suite)}\s*$", text, re.MULTILINE)
    return bool(passed) and not failed


def run_kernel_suite(build, suite, timeout, append=""):
    """Boot the kernel with selftest=suite and a disk it may write to. The Outcome."""
    folder = run_dir(f"selftest-{suite}")
    disk = folder / "disk.img"
    try:
        with open(disk, "wb") as file:
            file.truncate(SCRATCH_DISK)
        vm = machine.Machine(kernel=build / "quire.boot", cdrom=build / "root.iso", disks=[disk],
                             append=f"console=ttyS0 log=ttyS1 selftest={suite} {append}".rstrip())
        ignore = lambda data: None
        return machine.run_headless(vm, timeout, ignore, ignore, ignore)
    finally:
        disk.unlink(missing_ok=True)
        folder.rmdir()


def kernel(options):
    outcome = run_kernel_suite(options.build, options.name, options.timeout, options.append)
    log_write(options.build, f"kernel.{options.name}", log=outcome.log)
    if outcome.end is not machine.End.POWEROFF:
        raise Failure(outcome.describe())
    if not ktap_passed(outcome.log, options.name):
        raise Failure(f"the report does not say that {options.name} passed:\n"
                      + outcome.log_tail())


# ---- programs and scripts ----

def prepare_native():
    resource.setrlimit(resource.RLIMIT_STACK, (STACK_LIMIT, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_native(options):
    """Run it on the host: in an empty folder, without a terminal. (status, stdout, stderr)"""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "tmp")
        work.mkdir()
        environment = dict(ENVIRONMENT)
        command = [str(options.file), *options.arguments]
        if options.kind == "script":
            environment["PATH"] = str(applet_dir(Path(folder)))
            command = [str(BUSYBOX), "sh", *command]
        with subprocess.Popen(command, cwd=work, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              preexec_fn=prepare_native, start_new_session=True) as process:
            try:
                stdout, stderr = process.communicate(timeout=options.timeout)
            except subprocess.TimeoutExpired as late:
                os.killpg(process.pid, signal.SIGKILL)  # Its children too: they may fork for ever.
                raise Failure(f"still running on the host after {options.timeout:.0f} s") from late
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    return status, stdout, stderr


def applet_dir(folder):
    """A folder with a link for each applet, so that a script finds busybox's and no other's."""
    path = folder / "bin"
    path.mkdir()
    for applet in subprocess.run([BUSYBOX, "--list"], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout.split():
        (path / applet).symlink_to(BUSYBOX)
    return path


def check_status(options, status, errors):
    if status != options.expect_status:
        text = errors.decode(errors="replace").rstrip()
        raise Failure(f"exit status {status}, not {options.expect_status}\n{text}".rstrip())


def linux(options):
    status, out, err = run_native(options)
    log_write(options.build, f"user.{options.name}.linux", stdout=out, stderr=err)
    check_status(options, status, err)


def run_quire(options, disks):
    """Run it on Quire: (Outcome, stdout, stderr)."""
    guest = f"/tests/{options.file.name}"
    program = [guest, *options.arguments]
    if options.kind == "script":
        program = ["/bin/busybox", "sh", *program]
    asked = session.Options(mem=options.mem, swap=options.swap, icount=options.icount, put=[f"{options.file}:{guest}"],
                            append=["vmcheck=exit"] + options.append.split(),
                            disk=disks, place="tmp", timeout=options.timeout)
    out, err = bytearray(), bytearray()
    outcome = session.run_program(options.build, asked, program, out.extend, err.extend,
                                  lambda data: None)
    return outcome, bytes(out), bytes(err)


def run_tool(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{command[0]}:\n{done.stdout}")


def run_on_disk(options):
    """run_quire, with the disk that is asked for."""
    if not options.disk:
        return run_quire(options, [])
    size, *words = options.disk.split()
    folder = run_dir("test")
    try:
        image = folder / "disk.img"
        with open(image, "wb") as file:
            file.truncate(size_bytes(size))
        run_tool("/sbin/mke2fs", "-q", "-t", "ext2", *words, image)
        result = run_quire(options, [image])
        if result[0].end is machine.End.POWEROFF:
            run_tool("/sbin/e2fsck", "-fn", image)
        return result
    finally:
        shutil.rmtree(folder)


def user(options):
    outcome, out, err = run_on_disk(options)
    path = log_write(options.build, f"user.{options.name}", log=outcome.log, stdout=out,
                     stderr=err)
    status, trouble = session.verdict(outcome)
    if trouble:
        raise Failure(f"{trouble}\n{err.decode(errors='replace')}")
    check_status(options, status, err)
    if options.kind == "script":
        compare_with_native(options, out, path)


def compare_with_native(options, out, path):
    _, expected, _ = run_native(options)
    if out == expected:
        return
    log_write(options.build, f"user.{options.name}.expected", stdout=expected)
    raise Failure(f"{first_difference(out, expected)}\n{path}")


def main():
    options = parse()
    try:
        {"kernel": kernel, "user": user, "linux": linux}[options.mode](options)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
