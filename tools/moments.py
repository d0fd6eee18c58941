"""./quire map: pictures of page tables at the moments that matter: a fork, the writes after it, eviction, return, the
end of a process.

The program runs as for ./quire trace. Its events rebuild the page tables; at the first moment of each kind they
are copied, with what has changed. tools/moments_svg.py draws them.
"""

import os
from dataclasses import dataclass, field

import machine
import moments_svg
import trace
import vmtrace
from host import QuireError, say

EVENTS = 1 << 18
SWAP_SLOT_SHIFT = 8  # arch/x86/pte.h
SWAP = "16M"
KINDS = ("fork", "write", "evict", "return", "end")
DEFAULT_KINDS = KINDS[:-1]
STORY = "/put/story"  # The demonstration, which is drawn when no program is named.

# What comes of a fault that maps private memory; other pages that are shown belong to files.
PRIVATE = ("fault_anon", "fault_promote", "fault_cow_copy", "fault_swap")


@dataclass
class Page:
    """An entry of a page table."""
    kind: str  # anon, cow: private, and shown to several; file, zero, swapped.
    number: int  # Of the frame, or of the slot in swap.
    views: int  # At how many places of all the spaces drawn it is.
    changed: bool  # Since the moment before.


@dataclass
class Table:
    """A page table: what it maps begins at address."""
    frame: int
    address: int
    pages: dict = field(default_factory=dict)  # index -> Page


@dataclass
class Space:
    """A process and its directory: {address: (frame of the table, may write)}."""
    pid: int
    name: str
    directory: dict


@dataclass
class Moment:
    kind: str  # Of KINDS.
    spaces: list
    tables: list  # Each once, however many spaces share it.
    changes: int


class Watcher:
    """Follows the events of a program and finds the moments."""

    def __init__(self):
        self.memory = vmtrace.PageTables()
        self.family = vmtrace.Family()
        self.running = set()  # Processes between their exec, or their fork after it, and their end.
        self.frames = {}      # Frame -> how it was filled, if a fault of ours did.
        self.fresh = {}       # Thread -> frames that it has mapped where nothing was since its last fault or table.
        self.moments = {}     # Kind -> the first moment of that kind, as of its last event.
        self.kind = None      # Of the latest moment,
        self.changed = set()  # and what has changed in it: (space, address).

    def watch(self, events):
        """Events of one kind are one moment, until there is one of another kind or a process ends."""
        first = False
        for event in events:
            kind, places = self._kind(event)
            if event.kind == vmtrace.EXIT and event.tid in self.running and "end" not in self.moments:
                self.kind, self.changed = "end", set()
                self.moments["end"] = self._picture()
            self._apply(event)
            if kind and kind != self.kind:
                self.kind, self.changed, first = kind, set(), kind not in self.moments
            self.changed.update(places)
            if kind and first:
                self.moments[kind] = self._picture()
            elif event.kind == vmtrace.EXIT and event.tid in self.family.process:
                first = False
        return list(self.moments.values())

    def _kind(self, event):
        """What moment the event belongs to, or None, and the places that it changes."""
        if event.kind == vmtrace.EVICT:
            places = [place for place in self.memory.addresses(event.where) if place[0] in self._spaces()]
            return ("evict", places) if places and event.after & vmtrace.SWAPPED else (None, ())
        if event.tid not in self.running or event.result:
            return None, ()
        if event.kind == vmtrace.FORK and not event.before:
            return "fork", ()
        how = vmtrace.HOW[event.how] if event.kind == vmtrace.FAULT else None
        kind = {"fault_cow_copy": "write", "fault_swap": "return"}.get(how)
        return kind, [(event.space, event.where & ~0xFFF)] if kind else ()

    def _apply(self, event):
        ours = event.tid in self.running
        self.memory.apply(event)
        self.family.apply(event)
        if event.kind == vmtrace.EXEC and event.tid in self.family.process:
            self.running.add(event.tid)
        elif event.kind == vmtrace.FORK and ours and not event.before:
            self.running.add(event.where)
        elif event.kind == vmtrace.EXIT:
            self.running.discard(event.tid)
        elif event.kind == vmtrace.MAP and not event.before and vmtrace.has_frame(event.after):
            self.fresh.setdefault(event.tid, []).append(event.after >> 12)
        elif event.kind == vmtrace.TABLE:
            self.fresh.pop(event.tid, None)
        elif event.kind == vmtrace.FAULT:
            self._note_fault(event, self.fresh.pop(event.tid, ()))

    def _note_fault(self, event, fresh):
        """How frames were filled: the one that the fault was about, and of a file its neighbours as well."""
        how = vmtrace.HOW[event.how]
        if how == "fault_file":
            self.frames.update(dict.fromkeys(fresh, how))
        if vmtrace.has_frame(event.after) and (how in PRIVATE or how in ("fault_zero", "fault_file")):
            self.frames[event.after >> 12] = how

    def _spaces(self):
        return {self.family.space[pid] for pid in self.running}

    def _picture(self):
        spaces, tables = [], {}
        for pid in sorted(self.running):
            space = self.family.space[pid]
            directory = {number << 22: (pde >> 12, bool(pde & vmtrace.WRITABLE))
                         for number, pde in sorted(self.memory.spaces.get(space, {}).items()) if pde}
            spaces.append(Space(pid, self.family.names[pid], directory))
            for address, (frame, _) in directory.items():
                table = tables.setdefault(frame, Table(frame, address))
                for index, entry in sorted(self.memory.tables.get(frame, {}).items()):
                    if entry:
                        changed = (space, address + (index << 12)) in self.changed
                        self._add_page(table, index, entry, changed)
        self._tell_sharing(tables.values())
        return Moment(self.kind, spaces, list(tables.values()), len(self.changed))

    def _add_page(self, table, index, entry, changed):
        page = table.pages.get(index)
        if page:
            page.views += 1
            page.changed |= changed
            return
        number = entry >> 12
        how = self.frames.get(number)
        kind = "anon" if how in PRIVATE else "zero" if how == "fault_zero" else "file"
        if not vmtrace.has_frame(entry):
            kind, number = "swapped", entry >> SWAP_SLOT_SHIFT
        table.pages[index] = Page(kind, number, 1, changed)

    @staticmethod
    def _tell_sharing(tables):
        views = {}
        for table in tables:
            for page in table.pages.values():
                key = page.kind, page.number
                views[key] = views.get(key, 0) + page.views
        for table in tables:
            for page in table.pages.values():
                page.views = views[page.kind, page.number]
                if page.kind == "anon" and page.views > 1:
                    page.kind = "cow"


def run(build, options, program, out, kinds):
    """The command."""
    if not program:
        program = [STORY]
        options.put = [*options.put, f"{build / 'user' / 'lab_story'}:{STORY}"]
    options.swap = options.swap or SWAP
    options.append = [*options.append, "norandmaps"]
    say(f"running {program[0]}; the picture comes when it is done…")
    status, events = trace.record(build, options, program, EVENTS, machine.write_all(1))
    if vmtrace.lost(events):
        raise QuireError("the program has more events than there is room for")
    moments = [moment for moment in Watcher().watch(events) if moment.kind in kinds]
    if not moments:
        raise QuireError(f"the program came to none of these: {', '.join(kinds)}; --at chooses others")
    out.write_text(moments_svg.draw(" ".join([os.path.basename(program[0]), *program[1:]]), moments),
                   encoding="utf-8")
    say(f"{os.path.relpath(out)} shows {moments_svg.plural(len(moments), 'moment')}")
    return status
