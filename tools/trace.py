"""./quire trace: what the memory of a program does, as a Chrome trace that ui.perfetto.dev shows.

The program runs in the guest with the ring of mm/vmtrace.h on; a disk brings the events here. Each process
that comes of it is a track: faults are slices, what else happened are instants, and two counters tell how many
frames it has, and how many are free. The kernel's own threads, which evict pages, are one track more.
"""

import json
import os
import shutil

import machine
import session
import vmtrace
from host import QuireError, run_dir, say

DEFAULT_EVENTS = 1 << 18
MOST_EVENTS = 4 << 20  # VMTRACE_EVENTS_MAX
READING_EVENTS = 4096  # At most so many come while the ring is read.
KERNEL = 0  # The track of what is no process's doing.

# Arguments: the size of the ring, the disk for the events, the program.
SCRIPT = ('if ! echo "$1" >/proc/sys/vm/vmtrace; then echo "There is no memory for $1 events." >&2; exit 1; fi; '
          'disk=$2; shift 2; "$@"; status=$?; cat /proc/vmtrace.bin >"$disk"; exit $status')

ERROR_WORDS = ((0x1, "denied", "absent"), (0x2, "write", "read"), (0x4, "user", "kernel"), (0x10, "exec", ""))
SHOWN = {vmtrace.MMAP, vmtrace.MUNMAP, vmtrace.MPROTECT, vmtrace.MREMAP, vmtrace.FORK, vmtrace.EXEC,
         vmtrace.EXIT, vmtrace.TABLE, vmtrace.COPY, vmtrace.SWAPIN, vmtrace.SWAPOUT}


class Converter:
    """Makes the trace of one program's family."""

    def __init__(self, events):
        self.out = []
        self.memory = vmtrace.PageTables()
        self.khz = events[0].where
        self.family = vmtrace.Family()
        self.counted = {}  # (pid, counter) -> its last value.

    def convert(self, events):
        for event in events:
            self.memory.apply(event)
            self.family.apply(event)
            self._show(event)
        for pid, name in {KERNEL: "kernel", **self.family.names}.items():
            self._add("M", pid, pid, None, "process_name", {"name": name})
        return {"traceEvents": self.out, "displayTimeUnit": "ns"}

    def _show(self, event):
        pid = self.family.process.get(event.tid, KERNEL if event.tid == 0 else None)
        if event.kind == vmtrace.EVICT:
            self._evict(event)
        elif pid is not None and event.kind == vmtrace.FAULT:
            self._fault(pid, event)
        elif pid is not None and event.kind in SHOWN:
            self._add("i", pid, event.tid, event.ns, vmtrace.KINDS[event.kind], details(event), s="t")
        if event.kind in (vmtrace.FAULT, vmtrace.EVICT, vmtrace.MUNMAP, vmtrace.EXIT):
            self._count(event)

    def _fault(self, pid, event):
        took = event.arg * 1_000_000 // self.khz
        name = f"error {-event.result}" if event.result else vmtrace.HOW[event.how].removeprefix("fault_")
        self._add("X", pid, event.tid, event.ns - took, name if event.how or event.result else "retry", {
            "address": f"{event.where:#010x}",
            "error code": " ".join(filter(None, (yes if event.error & bit else no for bit, yes, no in ERROR_WORDS))),
            "with": [word for bit, word in vmtrace.WITH.items() if event.with_ & bit],
            "before": f"{event.before:#010x}", "after": f"{event.after:#010x}", "ticks": event.arg,
        }, dur=took / 1000, cat="fault")

    def _evict(self, event):
        """On the tracks of all who had the page."""
        for space, address in self.memory.addresses(event.where):
            for pid in (pid for pid, own in self.family.space.items() if own == space):
                self._add("i", pid, pid, event.ns, "evict", {
                    "address": f"{address:#010x}", "before": f"{event.before:#010x}",
                    "after": f"{event.after:#010x}"}, s="t")

    def _count(self, event):
        self._counter(KERNEL, event.ns, "free frames", event.free)
        for pid, space in self.family.space.items():
            self._counter(pid, event.ns, "resident", self.memory.resident(space))

    def _counter(self, pid, ns, name, value):
        if self.counted.get((pid, name)) != value:
            self.counted[pid, name] = value
            self._add("C", pid, pid, ns, name, {"frames": value})

    def _add(self, phase, pid, tid, ns, name, arguments, **more):
        entry = {"ph": phase, "pid": pid, "tid": tid, "name": name, "args": arguments, **more}
        if ns is not None:
            entry["ts"] = ns / 1000
        self.out.append(entry)


def details(event):
    """The arguments of an instant."""
    if event.kind == vmtrace.EXEC:
        return {"program": vmtrace.program_name(event)}
    return {name: f"{getattr(event, name):#x}" for name in ("where", "before", "after", "arg")}


def record(build, options, program, events, out):
    """Run the program with a ring for so many events: its exit status, and the events. out is called with its
    output."""
    folder = run_dir("trace")
    try:
        raw = folder / "events"
        with open(raw, "wb") as file:
            file.truncate((events + READING_EVENTS) * vmtrace.RECORD.size // 4096 * 4096)
        others = [*options.disk, *([raw] if options.swap else [])]
        disk = machine.Machine(disks=[*others, raw]).disk_names()[-1]
        words = ["/bin/sh", "-c", SCRIPT, "trace", str(events), f"/dev/{disk}", *program]
        vm = session.make_program_machine(build, options, words, folder)
        vm.disks.append(raw)
        outcome = machine.run_headless(vm, options.timeout, out, machine.write_all(2), lambda data: None)
        status, text = session.verdict(outcome)
        if text:
            raise QuireError(text)
        return status, vmtrace.read_events(raw.read_bytes())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(build, options, program, out, size):
    """The command."""
    say(f"running {program[0]}; its events come when it is done…")
    status, events = record(build, options, program, size, machine.write_all(1))
    with open(out, "w", encoding="utf-8") as file:
        json.dump(Converter(events).convert(events), file)
    if vmtrace.lost(events):
        say(f"the first {vmtrace.lost(events):,} events did not fit and are lost; --events makes more room")
    say(f"{len(events):,} events; https://ui.perfetto.dev or chrome://tracing shows {os.path.relpath(out)}")
    return status
