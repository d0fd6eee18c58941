#!/usr/bin/env python3
"""Run random programs of file and memory calls on the host and on Quire and compare every line.

    run.py --build DIR [--seed N] [--count N] [--ops K] [--batch N] [--fs tmpfs|disk] [--mem SIZE]
    run.py --build DIR --seed N --show          both transcripts of one program, side by side

Where a program differs (or the kernel panics), operations are left out as long as it still does; the
shortest program is shown with what each side said. Quire recounts all memory after each process.
"""

import argparse
import concurrent.futures
import errno
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness"))

from common import log_write

import machine
import session
from host import run_dir

HOST_FOLDERS = {"tmpfs": "/dev/shm", "disk": "/dev/shm"}
GUEST_FOLDERS = {"tmpfs": "/tmp", "disk": "/mnt"}
SECONDS_FOR_A_BATCH = 600
DISK_BYTES = 64 << 20
RESULT = re.compile(r"(\d+) ([0-9a-f]{16})\n")
OPERATION = re.compile(r"^(\d+) ")
ERROR = re.compile(r" = -(\d+)$")


@dataclass(frozen=True)
class Job:
    """One program: its seed, its length, and which operations are left out."""
    seed: int
    ops: int
    skip: frozenset = frozenset()

    def line(self):
        return " ".join(map(str, [self.seed, self.ops, *sorted(self.skip)])) + "\n"


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--ops", type=int, default=60)
    parser.add_argument("--batch", type=int, default=500, help="programs for each boot")
    parser.add_argument("--fs", choices=GUEST_FOLDERS, default="tmpfs")
    parser.add_argument("--mem", default="64M")
    parser.add_argument("--append", default="vmcheck=exit")
    parser.add_argument("--without", default="", help="operations to leave out")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--reports", type=int, default=1, help="differences of a batch to shorten")
    parser.add_argument("--keep-going", action="store_true", help="after a difference as well")
    return parser.parse_args()


def pieces(output, jobs):
    """What was said about each job, in order: its digest, and the transcript if there is one."""
    found = list(RESULT.finditer(output))
    ends = [match.start() for match in found[1:]] + [len(output)]
    return [output[match.start(2):end] for match, end in zip(found, ends)][:len(jobs)]


class Sides:
    """The two systems."""

    def __init__(self, options):
        self.options = options
        self.program = options.build / "tests" / "diff" / "diff"

    def _arguments(self, folder, jobs_file, verbose):
        return (["--dir", folder, "--fs", self.options.fs, "--without", self.options.without,
                 "--jobs", jobs_file] + ["--verbose"] * verbose)

    def host(self, jobs, verbose=False):
        with tempfile.NamedTemporaryFile("w") as file:
            file.writelines(job.line() for job in jobs)
            file.flush()
            done = subprocess.run(
                [self.program, *self._arguments(HOST_FOLDERS[self.options.fs], file.name, verbose)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True,
                errors="replace", timeout=SECONDS_FOR_A_BATCH)
        return pieces(done.stdout, jobs)

    def quire(self, jobs, verbose=False):
        """A job that the machine does not survive has the kernel's last words; then we boot anew."""
        results = []
        while len(results) < len(jobs):
            output, trouble = self._boot(jobs[len(results):], verbose)
            results += pieces(output, jobs)
            if len(results) < len(jobs):
                results.append(trouble or "no result\n")
        return results

    def _boot(self, jobs, verbose):
        folder = run_dir("diff")
        try:
            path = folder / "jobs"
            path.write_text("".join(job.line() for job in jobs))
            asked = session.Options(mem=self.options.mem, append=self.options.append.split(),
                                    put=[f"{self.program}:/tests/diff", f"{path}:/tests/jobs"],
                                    timeout=SECONDS_FOR_A_BATCH)
            if self.options.fs == "disk":
                asked.disk.append(self._disk(folder / "disk.img"))
            out, err = bytearray(), bytearray()
            outcome = session.run_program(
                self.options.build, asked,
                ["/tests/diff", *self._arguments(GUEST_FOLDERS[self.options.fs], "/tests/jobs",
                                                 verbose)],
                out.extend, err.extend, lambda data: None)
        finally:
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
        _, trouble = session.verdict(outcome)
        return out.decode(errors="replace").replace("\r\n", "\n"), trouble or err.decode()

    @staticmethod
    def _disk(path):
        with open(path, "wb") as file:
            file.truncate(DISK_BYTES)
        subprocess.run(["/sbin/mke2fs", "-q", "-F", "-t", "ext2", path], check=True)
        return str(path)

    def differing(self, jobs, verbose=False):
        """[(job, host's text, Quire's text)] of those that differ."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            host = pool.submit(self.host, jobs, verbose)
            quire = self.quire(jobs, verbose)
            return [(job, theirs, ours)
                    for job, theirs, ours in zip(jobs, host.result(), quire) if theirs != ours]


# ---- the shortest program ----

def first_difference(host, quire):
    """Index of the first line that differs."""
    ours, theirs = quire.splitlines()[1:], host.splitlines()[1:]
    return next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b),
                min(len(ours), len(theirs)))


def last_operation(host, quire):
    """The highest number of an operation up to the first difference."""
    lines = host.splitlines()[1:first_difference(host, quire) + 2]
    return max((int(m.group(1)) for m in map(OPERATION.match, lines) if m), default=0)


def shorten(sides, job):
    """Leave out as many operations as possible while the two sides differ."""
    found = sides.differing([job], verbose=True)
    if not found:
        return None
    job, host, quire = found[0]
    end = last_operation(host, quire)
    tail = Job(job.seed, job.ops, job.skip | set(range(end + 1, job.ops)))
    if sides.differing([tail]):
        job = tail
    size = max(1, (job.ops - len(job.skip)) // 2)
    while True:
        kept = [i for i in range(job.ops) if i not in job.skip]
        smaller = remove_chunks(sides, job, [set(kept[i:i + size])
                                             for i in range(0, len(kept), size)])
        if smaller == job and size == 1:
            return job
        job, size = smaller, max(1, size // 2)


def remove_chunks(sides, job, chunks):
    """Leave out each chunk alone; then as many together of those that were not needed."""
    without = [Job(job.seed, job.ops, job.skip | chunk) for chunk in chunks]
    useless = [found.skip for found, _, _ in sides.differing(without)]
    together, sums = job.skip, []
    for skip in useless:
        together = together | skip
        sums.append(Job(job.seed, job.ops, together))
    good = [found for found, _, _ in sides.differing(sums)] if sums else []
    return good[-1] if good else job


def name_error(line):
    match = ERROR.search(line)
    code = int(match.group(1)) if match else 0
    return f"{line} ({errno.errorcode[code]})" if code in errno.errorcode else line


def show(job, host, quire):
    """The program, and both sides from where they differ."""
    at = first_difference(host, quire)
    theirs, ours = host.splitlines()[1:], quire.splitlines()[1:]
    text = [f"seed {job.seed}, ops {job.ops}:"]
    text += ["  " + name_error(line) for line in theirs[:at]]
    text += ["  host:  " + name_error(line) for line in theirs[at:at + 3]]
    text += ["  Quire: " + name_error(line) for line in ours[at:at + 3]]
    if "PANIC" in quire:
        text.append(quire)
    return "\n".join(text)


def report(sides, job):
    shortest = shorten(sides, job)
    found = sides.differing([shortest], verbose=True) if shortest else None
    if not found:
        return f"seed {job.seed} differs, but not alone"
    return show(*found[0])


def run(options):
    sides = Sides(options)
    started, bad, end = time.monotonic(), 0, options.seed + options.count
    for first in range(options.seed, end, options.batch):
        jobs = [Job(seed, options.ops) for seed in range(first, min(first + options.batch, end))]
        found = sides.differing(jobs)
        bad += len(found)
        print(f"seeds {jobs[0].seed} to {jobs[-1].seed}: {len(found)} differ, "
              f"{time.monotonic() - started:.0f} s", flush=True)
        if found:
            print("  " + " ".join(str(job.seed) for job, _, _ in found))
            for job, _, _ in found[:options.reports]:
                print(report(sides, job), flush=True)
            if not options.keep_going:
                break
    return 1 if bad else 0


def main():
    options = parse()
    if not options.show:
        return run(options)
    sides = Sides(options)
    job = Job(options.seed, options.ops)
    found = sides.differing([job], verbose=True)
    print(show(*found[0]) if found else sides.host([job], verbose=True)[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
