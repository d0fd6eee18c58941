"""./quire lab: how replacement policies do on real programs.

For each workload: record the trace of its page references in the guest, replay it on the host for a
range of memory sizes, then run the program in the kernel with a working set of so many frames under each
policy, which makes a trace of its own that is replayed too. Tables, CSV and SVG files tell the results.
docs/13-laboratory.md says what the numbers mean.
"""

import csv
import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import lab_trace
import machine
import plot
import session
from build import Progress
from host import BUILD, QuireError, run_dir, say, worker_pool

OPTIMUM = "opt"
FLOOR = 32       # Twice the pages that the recorder shows: below, traces tell too little.
STEPS = 12       # Sizes in a range, unless asked otherwise.
UNLIMITED = 16384  # Frames for the recording: more than any of the workloads has pages.
TRACE_DEVICE = "isa-debugcon,iobase=0xe9,chardev=trace"

# As for the tests of programs; a layout that is the same each time is half of being deterministic.
KERNEL_OPTIONS = ["norandmaps"]

# Arguments: what working_set is set to, then the program.
START = 'echo "$1" >/proc/self/working_set && shift && exec "$@"'


@dataclass
class Workload:
    """A program to watch."""
    title: str
    program: list
    debian: bool = False  # Among Debian's programs, on the disk that is their root.
    stdin: bytes = None   # For its standard input.
    put: list = field(default_factory=list)  # As --put; @ is the folder of our own programs.


# Rows in no order, an index, and questions that go through it and around it.
SQL = """
create table t (id integer primary key, key integer, name text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 120)
	insert into t select i, i * 7919 % 1009, 'name ' || i * 31 % 977 || ' of ' || i from n;
create index by_key on t (key);
select count(*), sum(id) from t where key between 100 and 300;
update t set name = name || '!' where key % 9 = 0;
delete from t where id % 3 = 0;
select name from t order by name limit 5;
"""


def _own(name, title):
    return Workload(title, [f"/put/{name}"], put=[f"@lab_{name}:/put/{name}"])


WORKLOADS = {
    "loop": _own("loop", "a loop over 128 pages"),
    "zipf": _own("zipf", "pages wanted in proportion to 1/k"),
    "phases": _own("phases", "one locality after another"),
    "quicksort": _own("quicksort", "quicksort of 160 pages of numbers"),
    "compete": _own("compete", "two processes that compete"),
    "sort": Workload("Debian's sort of 5 700 lines of C",
                     ["sort", "-S", "1M", "-o", "/tmp/sorted", "/usr/src/tcc/tccelf.c",
                      "/usr/src/tcc/libtcc.c"], debian=True),
    "sqlite": Workload("Debian's sqlite3, 120 rows", ["sqlite3", "/tmp/lab.db"], debian=True,
                       stdin=SQL.encode()),
    "compile": Workload("Debian's tcc compiles a solver of puzzles",
                        ["tcc", "-c", "-o", "/tmp/solve.o", "/usr/src/tcc/examples/ex2.c"],
                        debian=True),
}


def frame_range(text):
    """A..B, or a list A,B,C, of frames: [A, B] and None, or None and the list."""
    if found := re.fullmatch(r"(\d+)\.\.(\d+)", text):
        low, high = map(int, found.groups())
        if 0 < low < high:
            return sorted({round(low * (high / low) ** (i / (STEPS - 1))) for i in range(STEPS)})
    elif re.fullmatch(r"\d+(,\d+)*", text) and all(int(n) for n in text.split(",")):
        return sorted(set(map(int, text.split(","))))
    raise ValueError(f"{text!r} is neither a range of frames such as 16..200 nor a list such as 32,64")


def measured_sizes(text):
    """As frame_range; "0" is no size at all."""
    return [] if text == "0" else frame_range(text)


class Laboratory:
    """The machines, the replayer and the folders of one call: work for what a run needs, out for results."""

    def __init__(self, build, work, out, options):
        self.build = build
        self.work = work
        self.out = out
        self.options = options
        self.replayer = build / "tools" / "replay" / "replay"
        self.progress = Progress()
        known = self._replay("--list").split()
        self.policies = list(dict.fromkeys(options.policies.split(","))) if options.policies else known
        for policy in self.policies:
            if policy not in known:
                raise QuireError(f"there is no policy {policy!r}; there are {', '.join(known)}")

    def _replay(self, *words):
        done = subprocess.run([self.replayer, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise QuireError(f"replay failed: {done.stderr.strip()}")
        return done.stdout

    def replay(self, trace, policies, frames, *how):
        """{(policy, frames): faults} of the trace in the file."""
        text = self._replay(*how, "--policies", ",".join(policies), "--frames",
                            ",".join(map(str, frames)), trace)
        return {(row["policy"], int(row["frames"])): int(row["faults"])
                for row in csv.DictReader(text.splitlines())}

    def replay_own(self, trace, policy, frames):
        """Faults, and the pages evicted, when the policy is told all in the order of the kernel."""
        faults = self.replay(trace, [policy], [frames], "--as-recorded")[policy, frames]
        return faults, [int(line) for line in
                        self._replay("--as-recorded", "--log", policy, frames, trace).split()]

    def record(self, name, workload, limit, policy):
        """Run the workload in a machine; the Recording. The trace is kept as NAME.trace."""
        folder = self.work / name
        folder.mkdir()
        try:
            raw = folder / "raw"
            self._run(name, workload, folder, raw, f"{limit} {policy} trace")
            recording = lab_trace.decode(raw.read_bytes())
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        (self.out / f"{name}.trace").write_bytes(recording.trace)
        return recording

    def _run(self, name, workload, folder, raw, setting):
        asked = session.Options(
            mem="256M", swap="256M", append=KERNEL_OPTIONS,
            put=[put.replace("@", f"{self.build}/user/", 1) for put in workload.put],
            extra=[*machine.INSTRUCTION_CLOCK, "-device", TRACE_DEVICE,
                   "-chardev", f"file,id=trace,path={machine.quote(raw)}"])
        if workload.stdin is not None:
            asked.stdin = str(folder / "stdin")
            Path(asked.stdin).write_bytes(workload.stdin)
        if workload.debian:
            disk = folder / "disk.img"
            subprocess.run(["cp", "--sparse=always", self.build / "debian" / "disk.img", disk], check=True)
            asked.disk, asked.root = [str(disk)], True
        words = ["/bin/sh", "-c", START, "lab", setting, *workload.program]
        vm = session.make_program_machine(self.build, asked, words, folder)
        errors = bytearray()
        with _Watch(self.progress, name, raw):
            outcome = machine.run_headless(vm, self.options.timeout, lambda data: None,
                                           errors.extend, lambda data: None)
        status, trouble = session.verdict(outcome)
        if status != 0:
            text = errors.decode(errors="replace").strip()
            raise QuireError(f"{name} failed with status {status}: {trouble or text or 'it said nothing'}")


class _Watch:
    """While the block runs, tell how far a recording is."""

    def __init__(self, progress, name, raw):
        self.progress, self.name, self.raw = progress, name, raw
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._loop)

    def _loop(self):
        while not self.over.wait(0.5):
            size = self.raw.stat().st_size if self.raw.exists() else 0
            self.progress.step(f"{self.name}: {size // lab_trace.RECORD.size:,} records")

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.progress.clear()


@dataclass
class Measurement:
    """One run in the kernel."""
    policy: str
    frames: int
    faults: int    # Counted by the kernel.
    replayed: int  # Of the trace of this very run.
    same: bool     # All victims of that replay are the kernel's, one by one.


@dataclass
class Result:
    """What is known about one workload."""
    name: str
    workload: Workload
    references: int
    pages: int
    frames: list
    replayed: dict  # (policy, frames) -> faults, on the one trace recorded without a limit.
    measured: list


def examine(lab, name, workload):
    """Record, replay, measure."""
    say(f"{name}: {workload.title}")
    recording = lab.record(name, workload, UNLIMITED, "fifo")
    if recording.evicted:
        raise QuireError(f"{name} needs more than {UNLIMITED} frames")
    frames = lab.options.frames or frame_range(f"{FLOOR}..{max(recording.peak, FLOOR + 1)}")
    sizes = lab.options.measure
    if sizes is None:
        sizes = [max(FLOOR, recording.peak // 2)]
    every = sorted({*frames, *sizes})
    replayed = lab.replay(lab.out / f"{name}.trace", [*lab.policies, OPTIMUM], every)
    result = Result(name, workload, recording.references, recording.pages, every, replayed, [])
    with worker_pool(lab.options.jobs) as pool:
        runs = [pool.submit(measure, lab, name, workload, policy, size)
                for size in sizes for policy in lab.policies]
        result.measured = [run.result() for run in runs]
    return result


def measure(lab, name, workload, policy, frames):
    run = f"{name}-{policy}-{frames}"
    recording = lab.record(run, workload, frames, policy)
    trace = lab.out / f"{run}.trace"
    replayed, evicted = lab.replay_own(trace, policy, frames)
    trace.unlink()
    return Measurement(policy, frames, recording.faults, replayed, evicted == recording.evicted)


# ---- what is written ----

def write_csv(path, result):
    own = {(m.policy, m.frames): m for m in result.measured}
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["workload", "policy", "frames", "replayed", "measured", "measured_replayed"])
        for (policy, frames), faults in sorted(result.replayed.items()):
            m = own.get((policy, frames))
            out.writerow([result.name, policy, frames, faults, m.faults if m else "", m.replayed if m else ""])


def write_plot(path, result):
    names = sorted({policy for policy, _ in result.replayed}, key=lambda p: (p == OPTIMUM, p))
    lines = [plot.Line(name, [(n, result.replayed[name, n]) for n in result.frames],
                       [(m.frames, m.faults) for m in result.measured if m.policy == name],
                       name == OPTIMUM) for name in names]
    subtitle = f"{result.references:,} references to {result.pages:,} pages"
    if result.measured:
        subtitle += "; dots: measured in the kernel"
    path.write_text(plot.draw(f"{result.name}: {result.workload.title}", subtitle, "frames",
                              "page faults", lines), encoding="utf-8")


def table(result):
    """The results as a table in Markdown."""
    step = max(1, (len(result.frames) + 5) // 6)
    shown = sorted({*result.frames[::step], *(m.frames for m in result.measured)})
    own = {}
    for m in result.measured:
        own.setdefault(m.policy, []).append(m)
    heads = [f"{n} frames" for n in shown]
    if own:
        heads += ["measured", "its trace replayed"]
    lines = [f"### {result.name}: {result.workload.title}", "",
             f"{result.references:,} references to {result.pages:,} pages.", "",
             "| policy | " + " | ".join(heads) + " |", "|---" + "|--:" * len(heads) + "|"]
    for policy in sorted({p for p, _ in result.replayed}, key=lambda p: (p == OPTIMUM, p)):
        cells = [f"{result.replayed[policy, n]:,}" for n in shown]
        if own:
            runs = own.get(policy, [])
            cells += [", ".join(f"{m.faults:,}" for m in runs),
                      ", ".join(f"{m.replayed:,}{'' if m.same else ' (other victims)'}" for m in runs)]
        lines.append(f"| {policy} | " + " | ".join(cells) + " |")
    if own:
        sizes = ", ".join(str(n) for n in sorted({m.frames for m in result.measured}))
        lines += ["", f"Measured with {sizes} frames."]
    return "\n".join(lines) + "\n"


def split_document(path):
    """What is before the two lines that mark the place for results, the first, what is there, the second, the rest."""
    parts = re.split(r"(<!-- results -->\n|<!-- end of results -->)", path.read_text(encoding="utf-8"))
    if len(parts) != 5:
        raise QuireError(f"{path} has no lines <!-- results --> and <!-- end of results -->")
    return parts


def write_section(path, text):
    parts = split_document(path)
    parts[2] = "\n" + text + "\n"
    path.write_text("".join(parts), encoding="utf-8")


def chosen(options, program):
    """{name: Workload} that the command line asks for."""
    if program:
        stdin = options.stdin.read_bytes() if options.stdin else None
        return {Path(program[0]).name: Workload(" ".join(program), program, options.debian,
                                                stdin=stdin, put=options.put)}
    return {name: WORKLOADS[name] for name in options.workload or WORKLOADS}


def needs_debian(options, program):
    return any(workload.debian for workload in chosen(options, program).values())


def study(lab, workloads):
    """Examine them all; a table for each."""
    tables = []
    for name, workload in workloads.items():
        result = examine(lab, name, workload)
        write_csv(lab.out / f"{name}.csv", result)
        write_plot(lab.out / f"{name}.svg", result)
        text = table(result)
        print(text, flush=True)
        if lab.options.document:
            picture = lab.options.document.parent / "pictures" / f"lab-{name}.svg"
            write_plot(picture, result)
            text += f"\n![faults of {name}](pictures/{picture.name})\n"
        tables.append(text)
    return tables


def run(build, options, program):
    """The command."""
    if options.document:
        split_document(options.document)  # Now, not when all is done.
        (options.document.parent / "pictures").mkdir(exist_ok=True)
    out = options.out or BUILD / "lab"
    out.mkdir(parents=True, exist_ok=True)
    work = run_dir("lab")
    try:
        tables = study(Laboratory(build, work, out, options), chosen(options, program))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.document:
        write_section(options.document, "\n".join(tables))
    say(f"traces, CSV and SVG files are in {os.path.relpath(out)}")
    return 0
