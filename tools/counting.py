"""Counting what QEMU executes between two marks in a program, by function of the kernel.

The plugin is tools/profile; its markers are instructions that do nothing, named by their last byte.
"""

import bisect
from collections import Counter
from pathlib import Path

import ksyms
import machine

EVENTS = ("db", "c9")   # tests/bench: meter_start() and meter_stop().
PROGRAM = ("d2", "f6")  # user/exec.c: from before the program's fork to its end.
KERNEL_BASE = 0xC0000000


def plugin_arguments(build, out, marks):
    """Arguments for QEMU: count between the marks, into the file out."""
    plugin = build / "tools" / "profile" / "profile.so"
    start, stop = marks
    return ["-plugin", f"{machine.quote(plugin)},out={machine.quote(out)},start={start},stop={stop}"]


def read_counts(path):
    """What the plugin wrote: instructions by address of the block."""
    counts = Counter()
    for line in Path(path).read_text(encoding="ascii").splitlines():
        address, count = (int(word, 16) for word in line.split())
        counts[address] += count
    return counts


def by_function(counts, kernel):
    """Instructions by function of the kernel, whose ELF file is given; "(user)" is all that is not."""
    names = ksyms.functions(kernel)
    starts = sorted(names)
    result = Counter()
    for address, count in counts.items():
        place = bisect.bisect_right(starts, address) - 1
        result[names[starts[place]] if address >= KERNEL_BASE and place >= 0 else "(user)"] += count
    return result


def table(functions, events, top):
    """Lines for a terminal: the functions that take most, in instructions per event."""
    total = functions.total()
    lines = [f"{'instructions':>14}  {'share':>6}  function",
             f"{total / events:14,.1f}  {'':6}  everything, per {'event' if events > 1 else 'run'}"]
    lines += [f"{count / events:14,.1f}  {count / total:6.1%}  {name}"
              for name, count in functions.most_common(top)]
    return "\n".join(lines).replace(",", " ")
