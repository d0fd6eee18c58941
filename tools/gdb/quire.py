"""gdb commands for Quire's kernel; `./quire debug` loads them.

    quire tasks             every process with its tasks
    quire vmas PID          the areas of a process
    quire walk VA [PID]     how VA is translated, by this CPU's page directory or a process's
    quire frame PFN         one physical frame
"""

import gdb

KERNEL_BASE = 0xC0000000  # arch/x86/layout.h: the direct map of physical memory starts here.
PAGE_SHIFT = 12
PTE_BITS = ((0x001, "P"), (0x002, "W"), (0x004, "U"), (0x008, "PWT"), (0x010, "PCD"),
            (0x020, "A"), (0x040, "D"), (0x080, "PS"), (0x100, "G"))
FRAME_BITS = ((0x0001, "BUSY"), (0x0002, "UPTODATE"), (0x0004, "DIRTY"), (0x0008, "TABLE"),
              (0x0010, "SLAB"), (0x0020, "RESERVED"), (0x0040, "FREE"), (0x0080, "ANON"),
              (0x0100, "WAITERS"), (0x0200, "ZEROED"), (0x0400, "KERNEL"))


def value(expression):
    return gdb.parse_and_eval(expression)


def names(bits, table):
    return "|".join(name for bit, name in table if bits & bit) or "0"


def list_entries(head, type_name, member):
    """The objects on a kernel list, whose links are their field member."""
    kind = gdb.lookup_type(type_name)
    field = next(f for f in kind.fields() if f.name == member)
    offset = field.bitpos // 8
    link = head["next"]
    while link != head.address:
        yield gdb.Value(int(link) - offset).cast(kind.pointer()).dereference()
        link = link["next"]


def processes():
    return list_entries(value("'proc.c'::all_procs"), "struct proc", "all_link")


def process(pid):
    for proc in processes():
        if int(proc["pid"]) == pid:
            return proc
    raise gdb.GdbError(f"There is no process {pid}.")


def read_word(physical):
    memory = gdb.selected_inferior().read_memory(KERNEL_BASE + physical, 4)
    return int.from_bytes(memory.tobytes(), "little")


class Quire(gdb.Command):
    """Look at the kernel's own structures."""

    def __init__(self):
        super().__init__("quire", gdb.COMMAND_DATA, prefix=True)


class Tasks(gdb.Command):
    """List every process with its tasks."""

    def __init__(self):
        super().__init__("quire tasks", gdb.COMMAND_DATA)

    def invoke(self, _argument, _from_tty):
        for proc in processes():
            parent = int(proc["parent"]["pid"]) if proc["parent"] else 0
            print(f"{int(proc['pid']):5} parent {parent:5} {proc['state']} "
                  f"{proc['comm'].string()} {proc.address}")
            for task in list_entries(proc["tasks"], "struct task", "proc_link"):
                print(f"      task {int(task['tid']):5} {task['thread']['state']} "
                      f"esp {int(task['thread']['context']['esp']):#x}")


class Vmas(gdb.Command):
    """List the areas of a process: quire vmas PID."""

    def __init__(self):
        super().__init__("quire vmas", gdb.COMMAND_DATA)

    def invoke(self, argument, _from_tty):
        aspace = process(int(gdb.parse_and_eval(argument)))["aspace"]
        if not aspace:
            raise gdb.GdbError("The process has given back its memory.")
        self.show(aspace["vmas"]["root"])

    def show(self, vma):
        if not vma:
            return
        self.show(vma["left"])
        flags = int(vma["flags"])
        mode = "".join(letter if flags & bit else "-" for letter, bit in
                       (("r", 1), ("w", 2), ("x", 4), ("s", 8)))
        what = f"{vma['backing']} + {int(vma['pgoff'])}" if vma["backing"] else "anonymous"
        print(f"{int(vma['start']):08x}-{int(vma['end']):08x} {mode} {what}")
        self.show(vma["right"])


class Walk(gdb.Command):
    """Translate an address: quire walk VA [PID]."""

    def __init__(self):
        super().__init__("quire walk", gdb.COMMAND_DATA)

    def invoke(self, argument, _from_tty):
        words = gdb.string_to_argv(argument)
        if not words:
            raise gdb.GdbError("quire walk VA [PID]")
        va = int(value(words[0])) & 0xFFFFFFFF
        if len(words) > 1:
            directory = int(process(int(words[1]))["aspace"]["pgdir_phys"])
        else:
            directory = int(value("$cr3")) & 0xFFFFF000
        entry = read_word(directory + (va >> 22) * 4)
        print(f"PDE {entry:#010x} {names(entry, PTE_BITS)}")
        if entry & 1 and not entry & 0x80:
            entry = read_word((entry & 0xFFFFF000) + (va >> PAGE_SHIFT & 1023) * 4)
            print(f"PTE {entry:#010x} {names(entry, PTE_BITS)}")


class Frame(gdb.Command):
    """Show a physical frame: quire frame PFN."""

    def __init__(self):
        super().__init__("quire frame", gdb.COMMAND_DATA)

    def invoke(self, argument, _from_tty):
        number = int(gdb.parse_and_eval(argument))
        if not 0 <= number < int(value("frame_count")):
            raise gdb.GdbError(f"There are {int(value('frame_count'))} frames.")
        frame = value("frames")[number]
        print(f"frame {number:#x} at {frame.address}: refs {int(frame['refs'])} "
              f"{names(int(frame['flags']), FRAME_BITS)} backing {frame['backing']} "
              f"index {int(frame['index'])}")


Quire()
Tasks()
Vmas()
Walk()
Frame()
