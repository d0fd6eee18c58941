"""The events of /proc/vmtrace.bin, and the page tables that follow from them.

The records and the names are those of mm/vmtrace.h.
"""

import re
import struct
from collections import namedtuple

from host import ROOT, QuireError

RECORD = struct.Struct("<BBBBiQiIIIIII")
Event = namedtuple("Event", "kind how with_ error result ns tid space where before after arg free")


def enumerators(header, prefix):
    """The names of an enum in a header of the kernel, in order and in small letters."""
    text = (ROOT / header).read_text(encoding="utf-8")
    body = re.search(rf"^enum {prefix[1]} {{\n(.*?)^}};", text, re.MULTILINE | re.DOTALL)[1]
    return [name.lower() for name in re.findall(rf"^\t{prefix[0]}(\w+)", body, re.MULTILINE)]


def flags(header, prefix):
    """{bit: name} of the #defines in a header that begin so."""
    text = (ROOT / header).read_text(encoding="utf-8")
    return {int(value, 16): name.lower()
            for name, value in re.findall(rf"#define {prefix}(\w+) (0x[0-9A-Fa-f]+)u", text)}


KINDS = enumerators("mm/vmtrace.h", ("VMTRACE_", "vmtrace_kind"))
(NONE, START, FAULT, MMAP, MUNMAP, MPROTECT, MREMAP, FORK, EXEC, EXIT, TABLE,
 MAP, UNMAP, RIGHTS, MOVE, EVICT, COPY, SWAPIN, SWAPOUT) = range(KINDS.index("kind_count"))
HOW = enumerators("mm/vmstat.h", ("VM_", "vm_event"))
WITH = flags("mm/vmtrace.h", "VMTRACE_")

# arch/x86/pte.h
PRESENT, WRITABLE, PARKED, SWAPPED = 0x1, 0x2, 0x2, 0x4
CPU_SETS = 0x60  # The accessed and dirty bits, which change without an event.


def read_events(raw):
    """The events, up to where the file has no more."""
    events = []
    for record in RECORD.iter_unpack(raw[:len(raw) // RECORD.size * RECORD.size]):
        if record[0] == NONE:
            break
        events.append(Event._make(record))
    if not events or events[0].kind != START:
        raise QuireError("no events have come out of the machine")
    return events


def lost(events):
    """How many events were overwritten before anybody read them."""
    return sum(event.arg for event in events if event.kind == START)


def program_name(event):
    """Of an EXEC."""
    name = struct.pack("<IIII", event.where, event.before, event.after, event.arg)
    return name.partition(b"\0")[0].decode(errors="replace")


def has_frame(entry):
    return bool(entry & (PRESENT | PARKED))


def same(a, b):
    """Do two entries differ in nothing but what the CPU sets?"""
    return a == b or has_frame(a) and has_frame(b) and (a ^ b) & ~CPU_SETS == 0


class Contradiction(Exception):
    """An event says that something was there which the events before do not lead to."""


class PageTables:
    """All page tables, as of the last event that was applied. What was there before the first event, or before
    events that were lost, is found out as it is told."""

    def __init__(self):
        self._forget()

    def _forget(self):
        self.tables = {}   # Frame number of a table -> {index: entry}; 0: known to be empty.
        self.spaces = {}   # Space -> {number of 4 MiB: entry of the directory}.
        self.owners = {}   # Frame number of a table -> {(space, number of 4 MiB)}.
        self.counts = {}   # Frame number of a table -> entries that have a frame.

    def apply(self, event):
        if event.kind == START:
            self._forget()
        elif event.kind == TABLE:
            self._apply_table(event)
        elif MAP <= event.kind <= EVICT:
            self._apply_entry(event)

    def _apply_table(self, event):
        directory, number = self.spaces.setdefault(event.space, {}), event.where >> 22
        self._agree(directory.get(number), event)
        directory[number] = event.after
        if has_frame(event.before):
            self.owners.get(event.before >> 12, set()).discard((event.space, number))
        if has_frame(event.after):
            self.owners.setdefault(event.after >> 12, set()).add((event.space, number))

    def _apply_entry(self, event):
        table, index = event.where >> 10, event.where & 1023
        entries = self.tables.setdefault(table, {})
        known = entries.get(index)
        self._agree(known, event)
        entries[index] = event.after
        self.counts[table] = (self.counts.get(table, 0) + has_frame(event.after)
                              - has_frame(known or 0))

    @staticmethod
    def _agree(known, event):
        if known is not None and not same(known, event.before):
            raise Contradiction(f"{KINDS[event.kind]} of {event.where:x} in space {event.space} at {event.ns} ns: "
                                f"the entry was {event.before:08x}, not {known:08x}")

    def addresses(self, slot):
        """Who has the entry: [(space, address)]; several when forks share the table."""
        return [(space, number << 22 | (slot & 1023) << 12)
                for space, number in sorted(self.owners.get(slot >> 10, ()))]

    def pages(self, space):
        """{address: entry} of all entries that are not empty, without the right to write where the
        directory gives none."""
        found = {}
        for number, pde in self.spaces.get(space, {}).items():
            for index, entry in self.tables.get(pde >> 12, {}).items() if pde else ():
                if entry:
                    rights = entry & ~WRITABLE if entry & PRESENT and not pde & WRITABLE else entry
                    found[number << 22 | index << 12] = rights
        return found

    def resident(self, space):
        """Entries of a space that have a frame, the frame of zeroes included."""
        return sum(self.counts.get(pde >> 12, 0) for pde in self.spaces.get(space, {}).values() if pde)


class Family:
    """The processes that come of one program: the first child that the shell had, and all that come of it."""

    def __init__(self):
        self.process = {}  # tid -> pid.
        self.space = {}    # pid -> its address space.
        self.names = {}    # pid -> its program's name.

    def apply(self, event):
        if event.kind == FORK and (not self.process or event.tid in self.process):
            parent, child = self.process.get(event.tid), event.where
            self.process[child] = pid = parent if event.before else child
            self.space[pid] = event.arg
            self.names.setdefault(pid, self.names.get(parent, "?"))
        elif event.kind == EXEC and event.tid in self.process:
            pid = self.process[event.tid]
            self.space[pid], self.names[pid] = event.space, program_name(event)
