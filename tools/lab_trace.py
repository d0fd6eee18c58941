"""Reference traces: from the kernel's records, which name frames, to pages, which is what a replay needs.

The records are those of mm/reftrace.h. A frame is a page's while it is a member of the traced working
set; an absent page is known by where its contents are: a backing and a page number there.
"""

import struct
from dataclasses import dataclass, field

from host import QuireError

RECORD = struct.Struct("<III")
START, REFERENCE, IN, EVICTED, REMOVED, FORGET, RESTORE, TICK, END = range(9)
ACCESS_WRITE = 1  # enum vm_access

# What tools/replay reads.
MAGIC = b"QTRACE1\n"
PAGE = struct.Struct("<II")
READ, WRITE, FREE, REPLAY_TICK, REPLAY_RESTORE, REPLAY_EVICTED = range(6)


@dataclass
class Recording:
    """What one run of a program told."""
    trace: bytearray = field(default_factory=lambda: bytearray(MAGIC))
    limit: int = 0       # Frames the working set could have.
    references: int = 0
    pages: int = 0
    peak: int = 0        # Most pages that were resident at once.
    faults: int = 0      # As the kernel counted them.
    evicted: list = field(default_factory=list)  # Pages in the order of their going.
    restored: int = 0    # Victims that could not go.


class _Pages:
    """Which page is in which frame, and which are absent."""

    def __init__(self):
        self.count = 0
        self.in_frame = {}  # Frame number -> page.
        self.absent = {}    # (backing, index) -> page.

    def come(self, frame, place):
        page = self.absent.pop(place, None)
        if page is None:
            self.count += 1
            page = self.count
        self.in_frame[frame] = page

    def go(self, frame, place):
        page = self.absent[place] = self.in_frame.pop(frame)
        return page


def decode(raw):
    """The Recording that the kernel's records stand for."""
    done, pages, spaces, ended = Recording(), _Pages(), {}, False

    def say(kind, page, space=0):
        done.trace.extend(PAGE.pack(kind | space << 8, page))

    def refer(page, access, space):
        """QEMU does an instruction that changes memory as a load and a store: one reference."""
        if access == ACCESS_WRITE and done.trace.endswith(PAGE.pack(READ | space << 8, page)):
            del done.trace[-PAGE.size:]
        else:
            done.references += 1
        say(WRITE if access == ACCESS_WRITE else READ, page, space)

    for what, a, b in RECORD.iter_unpack(raw[:len(raw) // RECORD.size * RECORD.size]):
        kind, access, frame = what & 0xF, what >> 4 & 0xF, what >> 12
        if kind == REFERENCE:
            refer(pages.in_frame[frame], access, spaces.setdefault(b, len(spaces) & 0xFF))
        elif kind == IN:
            pages.come(frame, (a, b))
            done.peak = max(done.peak, len(pages.in_frame))
        elif kind == EVICTED:
            page = pages.go(frame, (a, b))
            done.evicted.append(page)
            say(REPLAY_EVICTED, page)
        elif kind == REMOVED:
            say(FREE, pages.in_frame.pop(frame))
        elif kind == FORGET and (a, b) in pages.absent:
            say(FREE, pages.absent.pop((a, b)))
        elif kind == RESTORE:
            done.restored += 1
            say(REPLAY_RESTORE, pages.in_frame[frame])
        elif kind == TICK:
            say(REPLAY_TICK, 0)
        elif kind == START:
            done.limit = a
        elif kind == END:
            done.faults, missed, ended = a, b, True
    done.pages = pages.count
    if ended and missed:
        raise QuireError(f"the kernel may have missed {missed} references")
    if not ended:
        raise QuireError("the trace has no end: the program still ran when its machine stopped")
    return done
