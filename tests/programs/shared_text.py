#!/usr/bin/python3.11
"""Ten processes of one dynamic program have one copy of each page of their libraries between them;
pages that were relocated or written are each one's own. No two processes have the same layout.

# rows: A26 A27 A49
# append: vmcheck=exit
"""

import struct
import subprocess

PAGE = 4096
PRESENT = 1 << 63
OF_FILE = 1 << 61
PFN = (1 << 55) - 1


def areas(pid):
    """Each area of the process: (start, end, permissions, offset, name)."""
    for line in open(f"/proc/{pid}/maps", encoding="ascii"):
        span, perms, offset, _, inode, *name = line.split()
        start, end = (int(address, 16) for address in span.split("-"))
        yield start, end, perms, int(offset, 16), name[0] if name else ""


def pages(pid):
    """The pages of files that the process has: {(file, offset): (frame, permissions, of file)}."""
    found = {}
    with open(f"/proc/{pid}/pagemap", "rb") as pagemap:
        for start, end, perms, offset, name in areas(pid):
            pagemap.seek(start // PAGE * 8)
            for i in range((end - start) // PAGE):
                entry, = struct.unpack("<Q", pagemap.read(8))
                if entry & PRESENT and name.startswith("/"):
                    found[name, offset + i * PAGE] = entry & PFN, perms, bool(entry & OF_FILE)
    return found


def start():
    """The program, once it has answered and so has all its libraries."""
    process = subprocess.Popen(["sqlite3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(b"select 6 * 7;\n")
    process.stdin.flush()
    process.stdout.readline()
    return process


processes = [start() for _ in range(10)]
by_process = [pages(process.pid) for process in processes]
for file in sorted({name for name, _ in by_process[0]}):
    shared = private = common = 0
    for key in {key for found in by_process for key in found if key[0] == file}:
        there = [found[key] for found in by_process if key in found]
        frames = {frame for frame, _, of_file in there if of_file}
        own = [frame for frame, _, of_file in there if not of_file]
        assert len(frames) <= 1, f"{file} {key[1]:#x} is there {len(frames)} times"
        assert len(set(own)) == len(own) or not any(own), f"{file} {key[1]:#x} is not private"
        assert all(of_file for _, perms, of_file in there if "x" in perms), f"{file} has own text"
        shared += len(frames) > 0
        private += len(own) > 0
        common += len(there) == 10 and len(frames) == 1 and not own
    print(file, "shared" if shared and common else "", "private" if private else "")

layouts = [{name: at for at, _, _, _, name in reversed(list(areas(process.pid)))}
           for process in processes]
for name in ("/usr/bin/sqlite3", "/lib/i386-linux-gnu/libc.so.6", "[heap]", "[stack]"):
    print(name, "moves" if len({layout[name] for layout in layouts}) > 1 else "is always there")
for process in processes:
    process.communicate()
print([process.returncode for process in processes])
