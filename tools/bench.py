"""./quire bench: what events cost on Quire and on Debian's i386 Linux, by the same static program.

tests/bench is the program. It runs as the first process of Linux, and under /init on Quire, in machines
that differ in nothing else. tests/bench.limits names the rows.
"""

import json
import math
import shutil
import statistics
from dataclasses import dataclass

import counting
import linux
import machine
import session
from build import Progress
from host import ROOT, QuireError, run_dir

LIMITS = ROOT / "tests" / "bench.limits"
PAGE = ROOT / "docs" / "14-speed.md"
TABLE_BEGIN, TABLE_END = "<!-- table: ./quire bench --docs -->", "<!-- end of table -->"
TOLERANCE = 1.05  # What a row may take beyond its limit.
TIMEOUT = 900
WALL_RUNS = 5


@dataclass
class Row:
    name: str
    goal: int  # Instructions per event we want, and those that are allowed; None: not said.
    limit: int
    title: str


@dataclass
class Setting:
    """The machine for some of the rows."""
    memory: str
    swap: str = None

    def arguments(self, device, rows):
        return (["--swap", device] if self.swap else []) + [row.name for row in rows]


MAIN, SWAPPING = Setting("512M"), Setting("96M", "512M")


def bench_program(build):
    return build / "tests" / "bench" / "bench"


def read_rows():
    """The rows of tests/bench.limits, in its order."""
    rows = []
    for line in LIMITS.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            name, goal, limit, title = line.split(None, 3)
            rows.append(Row(name, int(goal), None if limit == "-" else int(limit), title))
    return rows


def choose_rows(names):
    """The rows with these names; all when there are none."""
    rows = read_rows()
    unknown = sorted(set(names) - {row.name for row in rows})
    if unknown:
        raise QuireError(f"there is no row {', '.join(unknown)}; the rows are "
                         + ", ".join(row.name for row in rows))
    return [row for row in rows if row.name in names or not names]


class Reader:
    """Reads what the program prints."""

    def __init__(self, name, progress):
        self.name = name
        self.progress = progress
        self.text = b""
        self.figures = {}  # Ticks by row.
        self.events = {}
        self.ticks = 0  # In a millisecond.
        self.failed = []

    def feed(self, data):
        *lines, self.text = (self.text + data).split(b"\n")
        for line in lines:
            word, _, rest = line.decode(errors="replace").strip().partition(" ")
            if word == "row":
                name, figure, events = rest.split()
                self.figures[name], self.events[name] = float(figure), int(events)
                self.progress.step(f"{self.name}: {name} {figure}")
            elif word == "ticks":
                self.ticks = float(rest)
            elif word == "failed":
                self.failed.append(rest)


def run_quire(build, setting, rows, reader, icount=True, extra=()):
    """Run the rows on Quire; the Outcome."""
    options = session.Options(mem=setting.memory, swap=setting.swap, icount=icount, timeout=TIMEOUT,
                              put=[f"{bench_program(build)}:/put/bench"], append=["norandmaps"],
                              extra=list(extra))
    return session.run_program(build, options,
                               ["/put/bench", *setting.arguments("/dev/hda", rows)],
                               reader.feed, lambda data: None, lambda data: None)


def run_linux(build, setting, rows, reader, icount=True, extra=()):
    """Run the rows on Debian's Linux; the Outcome."""
    folder = run_dir("linux")
    try:
        disk = linux.make_initramfs(folder / "initramfs", bench_program(build))
        vm = machine.Machine(memory=setting.memory, icount=icount, cache="unsafe",
                             kernel=linux.LINUX / "vmlinuz", extra=["-initrd", str(disk), *extra])
        if setting.swap:
            session.make_swap(folder / "swap.img", setting.swap)
            vm.disks = [folder / "swap.img"]
        words = setting.arguments("/dev/sda", rows)
        vm.append = " ".join(["console=ttyS1 norandmaps panic=-1 --", *words])
        return machine.run_headless(vm, TIMEOUT, reader.feed, lambda data: None, lambda data: None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


RUNS = {"Quire": run_quire, "Linux": run_linux}


def setting_of(row):
    return SWAPPING if row.name.startswith("swap-") else MAIN


def measure(system, build, rows, icount):
    """Run the rows on system, a key of RUNS; a Reader with the figures that came out."""
    progress = Progress()
    reader = Reader(system, progress)
    main = [row for row in rows if setting_of(row) is MAIN]
    swapping = [row for row in rows if setting_of(row) is SWAPPING]
    if main:
        progress.step(f"{system}: booting")
        outcome = RUNS[system](build, MAIN, main, reader, icount)
        check_figures(outcome, main, reader)
    if swapping and not icount:
        check_figures(RUNS[system](build, SWAPPING, swapping, reader, icount), swapping, reader)
    for row in swapping if icount else []:
        progress.step(f"{system}: {row.name}")
        counts, outcome = count(system, build, row, reader)
        check_figures(outcome, [row], reader)
        if row.name in reader.figures:
            reader.figures[row.name] = counts.total() / reader.events[row.name]
    progress.clear()
    return reader


def count(system, build, row, reader):
    """Run one row with a count of what is executed: counting.read_counts() and the Outcome.

    Who waits for a disk does not execute, but the time stamp counter goes on: it cannot tell.
    """
    folder = run_dir("count")
    try:
        extra = counting.plugin_arguments(build, folder / "counts", counting.EVENTS)
        outcome = RUNS[system](build, setting_of(row), [row], reader, extra=extra)
        return counting.read_counts(folder / "counts"), outcome
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def count_row(build, row):
    """The counts of one row on Quire, and how many events they are for."""
    reader = Reader("Quire", Progress())
    counts, outcome = count("Quire", build, row, reader)
    check_figures(outcome, [row], reader)
    reader.progress.clear()
    if reader.failed:
        raise QuireError("; ".join(reader.failed))
    return counts, reader.events[row.name]


def check_figures(outcome, rows, reader):
    """Note a failure when the run has not brought a figure for each row."""
    missing = [row.name for row in rows if row.name not in reader.figures]
    if missing and not reader.failed:
        reader.failed.append(f"no figure for {', '.join(missing)}: " + outcome.describe())


def measure_wall(build, rows):
    """Nanoseconds by system and row: medians of runs that alternate."""
    runs = {system: [] for system in RUNS}
    for _ in range(WALL_RUNS):
        for system, readers in runs.items():
            readers.append(measure(system, build, rows, icount=False))
    return {system: {row.name: statistics.median(reader.figures[row.name] / reader.ticks * 1e6
                                                 for reader in readers)
                     for row in rows if all(row.name in reader.figures for reader in readers)}
            for system, readers in runs.items()}


def over_limit(rows, figures):
    """A sentence for each row that costs more than its limit allows, or was not measured."""
    return [f"{row.name}: {figures.get(row.name, 'no figure')}, the limit is {row.limit}"
            for row in rows
            if row.limit and figures.get(row.name, math.inf) > row.limit * TOLERANCE]


# ---- what is printed ----

def geometric_mean(ratios):
    return math.exp(statistics.fmean(map(math.log, ratios))) if ratios else math.nan


def _number(value):
    """Thousands apart, and tenths where they matter."""
    if value is None:
        return "-"
    return (f"{value:.1f}" if value < 20 else f"{value:,.0f}").replace(",", " ")


def table(rows, ours, theirs, goals):
    """The lines of the table as tuples of words, the last one being the mean."""
    lines, ratios = [], []
    for row in rows:
        quire, other = ours.get(row.name), theirs.get(row.name)
        ratio = other / quire if quire and other else None
        goal = []
        if goals:
            met = quire is not None and quire < row.goal + 0.5
            goal = ["≤ " + _number(row.goal) + ("" if met else " missed")]
        lines.append((row.title, _number(other), _number(quire),
                      f"{ratio:.1f}" if ratio else "-", *goal))
        if ratio:
            ratios.append(ratio)
    lines.append(("geometric mean", "", "", f"{geometric_mean(ratios):.1f}", *([""] if goals else [])))
    return lines


def heading(unit, goals):
    return (f"event, {unit}", "Linux", "Quire", "ratio", *(["goal"] if goals else []))


def plain(lines):
    """The table for a terminal."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join([line[0].ljust(widths[0])]
                               + [word.rjust(width) for word, width in zip(line[1:4], widths[1:])]
                               + list(line[4:])).rstrip() for line in lines)


def markdown(lines):
    """The table for docs/."""
    head, *rest = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([head, "|---|" + "---:|" * 3 + "---|" * (len(lines[0]) - 4), *rest])


def write_page(tables):
    """Put the tables between the marks of the page in docs/."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(TABLE_BEGIN)
    _, found, after = rest.partition(TABLE_END)
    if not found:
        raise QuireError(f"{PAGE} has lost the marks between which the table goes")
    said = f"Debian's Linux is {linux.version()}.\n\n" + "\n\n".join(tables)
    PAGE.write_text(f"{before}{TABLE_BEGIN}\n{said}\n{TABLE_END}{after}", encoding="utf-8")


def write_limits(figures):
    """Make what was measured the limit of each row that has one."""
    lines = []
    for line in LIMITS.read_text(encoding="ascii").splitlines():
        name, *words = line.split(None, 3)
        if name in figures and words[1] != "-":
            line = f"{name:17} {words[0]:>6} {math.ceil(figures[name]):7}  {words[2]}"
        lines.append(line)
    LIMITS.write_text("\n".join(lines) + "\n", encoding="ascii")


def command(arguments, build):
    """./quire bench with the parsed arguments, everything being built; the exit status."""
    rows = choose_rows(arguments.only)
    linux.fetch()
    readers = {system: measure(system, build, rows, icount=True) for system in RUNS}
    ours, theirs = readers["Quire"].figures, readers["Linux"].figures
    tables = [[heading("instructions", True), *table(rows, ours, theirs, True)]]
    print(plain(tables[0]), flush=True)
    wall = measure_wall(build, rows) if arguments.wall else None
    if wall:
        tables.append([heading("wall time in ns", False),
                       *table(rows, wall["Quire"], wall["Linux"], False)])
        print("\n" + plain(tables[1]))
    for system, reader in readers.items():
        for text in reader.failed:
            print(f"{system}: {text}")
    if arguments.json:
        result = {"linux": linux.version(), "instructions": {"Quire": ours, "Linux": theirs},
                  "goals": {row.name: row.goal for row in rows}, "nanoseconds": wall}
        arguments.json.write_text(json.dumps(result, indent="\t") + "\n", encoding="ascii")
    if arguments.docs:
        write_page([markdown(lines) for lines in tables])
    if arguments.accept:
        write_limits(ours)
    return 1 if any(reader.failed for reader in readers.values()) else 0
