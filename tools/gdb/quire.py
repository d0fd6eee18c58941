"""gdb commands for Quire's kernel; `./quire debug` loads them. `help quire` lists them.

The kernel's own constants are known too: `print frames[5].flags & FRAME_DIRTY`.
"""

import re
import shlex
from pathlib import Path

import gdb

ROOT = Path(__file__).resolve().parents[2]
HEADERS = ("arch/x86/layout.h", "arch/x86/pte.h", "mm/frame.h", "mm/vma.h", "mm/rmap.h")
DEFINITION = re.compile(r"^#define ([A-Z]\w*)[ \t]((?:.*\\\n)*.*)", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?(\*/|$)|\\\n", re.DOTALL)

# Every #define of HEADERS without arguments: name -> its text, in their order.
DEFINITIONS = {name: COMMENT.sub("", text).strip()
               for header in HEADERS
               for name, text in DEFINITION.findall((ROOT / header).read_text(encoding="utf-8"))
               if COMMENT.sub("", text).strip()}
for _name, _text in DEFINITIONS.items():
    gdb.execute(f"macro define {_name} {_text}")


# ---- values ----

def value(expression):
    return gdb.parse_and_eval(expression)


def number(expression):
    return int(value(expression)) & 0xFFFFFFFF


def flag_names(bits, *prefixes, but=()):
    """The names of bits: those that the kernel's headers define with one of the prefixes."""
    known = ((name, number(name)) for name in DEFINITIONS if name.startswith(prefixes))
    return "|".join(name.partition("_")[2] for name, bit in known
                    if name not in but and bit & bits and not bit & (bit - 1)) or "0"


def arguments(text, usage, least, most):
    """The words of a command, each an expression, as numbers."""
    words = gdb.string_to_argv(text)
    if not least <= len(words) <= most:
        raise gdb.GdbError(usage)
    return [number(word) for word in words]


def read_words(address, count):
    memory = gdb.selected_inferior().read_memory(address, 4 * count).tobytes()
    return [int.from_bytes(memory[i:i + 4], "little") for i in range(0, 4 * count, 4)]


def read_word(address):
    return read_words(address, 1)[0]


# ---- processes ----

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


def threads(proc):
    """The numbers and threads of a process; a kernel process has one thread and no task."""
    if proc["kernel_thread"]:
        yield int(proc["pid"]), proc["kernel_thread"].dereference()
    for task in list_entries(proc["tasks"], "struct task", "proc_link"):
        yield int(task["tid"]), task["thread"]


def place(address):
    """An address of the kernel's text as function and line."""
    function = str(value(f"(void (*)(void)){address:#x}")).rpartition(" ")[2].strip("<>")
    return f"{function} {source(gdb.find_pc_line(address))}"


def source(line):
    """A line of the source, the file's name as from the root of the tree."""
    return f"{line.symtab.filename.removeprefix(f'{ROOT}/')}:{line.line}" if line.symtab else ""


def back_trace(thread):
    """Where a thread that does not run will go on: return addresses, innermost first. Its registers lie
    at esp (arch/x86/switch.S); from ebp on, each function has kept its caller's ebp."""
    esp = int(thread["context"]["esp"])
    top = int(thread["context"]["kstack_top"])
    _, _, _, ebp, eip = read_words(esp, 5)
    while eip >= number("KERNEL_BASE"):
        yield eip
        if not esp < ebp <= top - 8:
            return
        esp = ebp
        ebp, eip = read_words(esp, 2)


# ---- page tables ----

def directory(pid):
    """The physical address of a process's page directory."""
    aspace = process(pid)["aspace"]
    if not aspace:
        raise gdb.GdbError(f"Process {pid} has no memory.")
    return int(aspace["pgdir_phys"])


def loaded_directory():
    return number("$cr3") & number("PTE_FRAME")


def entry_address(table, index):
    """Where the kernel sees an entry of the table at this physical address."""
    return number("KERNEL_BASE") + table + 4 * index


def is_table(pde):
    return pde & number("PTE_P") and not pde & number("PDE_PS")


def pte_address(pgdir, va):
    """Where the kernel sees the PTE for va; None where no table is."""
    pde = read_word(entry_address(pgdir, va >> number("TABLE_SHIFT")))
    if not is_table(pde):
        return None
    index = va >> number("PAGE_SHIFT") & (number("PTRS_PER_TABLE") - 1)
    return entry_address(pde & number("PTE_FRAME"), index)


def entry_words(pte):
    """An entry in words, as pte_kind() tells them apart."""
    if pte & number("PTE_P"):
        return f"frame {pte >> 12:#x} " + flag_names(
            pte & ~number("PTE_FRAME"), "PTE_", "PDE_", but=("PTE_PARKED", "PTE_SWAPPED"))
    if pte & number("PTE_PARKED"):
        return f"frame {pte >> 12:#x} PARKED"
    if pte & number("PTE_SWAPPED"):
        area = pte >> number("SWAP_TYPE_SHIFT") & ((1 << number("SWAP_TYPE_BITS")) - 1)
        return f"SWAPPED area {area} slot {pte >> number('SWAP_SLOT_SHIFT')}"
    return "empty"


def page_tables(pgdir):
    """The user's page tables of a directory: (first address, PDE)."""
    for index, pde in enumerate(read_words(entry_address(pgdir, 0), number("KERNEL_PDX"))):
        if is_table(pde):
            yield index << number("TABLE_SHIFT"), pde


def frame_at(pfn):
    if not 0 <= pfn < number("frame_count"):
        raise gdb.GdbError(f"There are {number('frame_count')} frames.")
    return value("frames")[pfn]


def rmap_slots(frame):
    """The slots of a frame's reverse map: mm/rmap.h."""
    first, rest = (int(frame["rmap"][i]) for i in (0, 1))
    if first & ~number("RMAP_LOCKED"):
        yield first & ~number("RMAP_LOCKED")
    if 0 < rest < number("KERNEL_BASE"):
        yield rest
        return
    node = gdb.Value(rest).cast(gdb.lookup_type("struct rmap_node").pointer())
    while node:
        low, high = node["slots"].type.range()
        yield from (int(node["slots"][i]) for i in range(low, high + 1) if node["slots"][i])
        node = node["next"]


# ---- commands ----

class Command(gdb.Command):
    """A command; its name is the class's, its help text the class's."""

    def __init_subclass__(cls):
        cls.name = f"quire {cls.__name__.lower()}"
        cls.usage = cls.__doc__.splitlines()[0]
        cls()

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_DATA)

    def invoke(self, text, _from_tty):
        self.run(text)


class Quire(gdb.Command):
    """Look at the kernel's own structures."""

    def __init__(self):
        super().__init__("quire", gdb.COMMAND_DATA, prefix=True)


Quire()


class Tasks(Command):
    """quire tasks: every process with its threads, and where those sleep."""

    def run(self, text):
        arguments(text, self.usage, 0, 0)
        for proc in processes():
            parent = int(proc["parent"]["pid"]) if proc["parent"] else 0
            print(f"{int(proc['pid']):5} parent {parent:5} {proc['state']} "
                  f"{proc['comm'].string()} {proc.address}")
            for tid, thread in threads(proc):
                where = "" if thread["on_cpu"] else f" in {place(int(thread['wchan']))}" * bool(
                    thread["wchan"])
                print(f"      thread {tid:5} {thread['state']}{where}")


class Bt(Command):
    """quire bt [PID]: the kernel back traces of the threads of a process, or of all.

    A thread that runs is what gdb's own bt shows."""

    def run(self, text):
        pids = arguments(text, self.usage, 0, 1)
        for proc in [process(pids[0])] if pids else processes():
            for tid, thread in threads(proc):
                here = int(thread["stack"]) == number("STACK_HERE")
                print(f"{tid:5} {proc['comm'].string()} {thread['state']}"
                      + (" on the CPU" if thread["on_cpu"] else "")
                      + ("" if here else " without its stack"))
                if here and not thread["on_cpu"]:
                    for eip in back_trace(thread):
                        print(f"      {place(eip)}")


class Vmas(Command):
    """quire vmas PID: the areas of a process."""

    def run(self, text):
        pid, = arguments(text, self.usage, 1, 1)
        directory(pid)
        self.show(process(pid)["aspace"]["vmas"]["root"])

    def show(self, vma):
        if not vma:
            return
        self.show(vma["left"])
        what = f"{vma['backing']} + {int(vma['pgoff'])}" if vma["backing"] else "anonymous"
        names = flag_names(int(vma["flags"]), "VM_")
        print(f"{int(vma['start']):08x}-{int(vma['end']):08x} {names} {what}")
        self.show(vma["right"])


class Walk(Command):
    """quire walk VA [PID]: how an address is translated, by this CPU's directory or a process's."""

    def run(self, text):
        va, *pid = arguments(text, self.usage, 1, 2)
        pgdir = directory(pid[0]) if pid else loaded_directory()
        pde = read_word(entry_address(pgdir, va >> number("TABLE_SHIFT")))
        print(f"PDE {pde:#010x} {entry_words(pde)}")
        where = pte_address(pgdir, va)
        if where:
            print(f"PTE {read_word(where):#010x} {entry_words(read_word(where))} at {where:#x}")


class Tables(Command):
    """quire tables PID: all page tables of a process, with the entries that are not empty."""

    def run(self, text):
        for start, pde in page_tables(directory(*arguments(text, self.usage, 1, 1))):
            table = pde & number("PTE_FRAME")
            sharers = int(frame_at(table >> number("PAGE_SHIFT"))["refs"])
            print(f"{start:08x} table {entry_words(pde)}, in {sharers} director"
                  + ("y" if sharers == 1 else "ies"))
            for index, pte in enumerate(read_words(entry_address(table, 0),
                                                   number("PTRS_PER_TABLE"))):
                if pte:
                    print(f"  {start + (index << number('PAGE_SHIFT')):08x} {entry_words(pte)}")


class Frame(Command):
    """quire frame PFN: one physical frame."""

    def run(self, text):
        pfn, = arguments(text, self.usage, 1, 1)
        frame = frame_at(pfn)
        print(f"frame {pfn:#x} at {frame.address}: refs {int(frame['refs'])} "
              f"{flag_names(int(frame['flags']), 'FRAME_')} backing {frame['backing']} "
              f"index {int(frame['index'])}")


class Rmap(Command):
    """quire rmap PFN: the page table entries that show a frame, and whose they are."""

    def run(self, text):
        pfn, = arguments(text, self.usage, 1, 1)
        slots = list(rmap_slots(frame_at(pfn)))
        if not slots:
            print(f"No entry shows frame {pfn:#x}.")
            return
        owners = {}
        for proc in processes():
            for start, pde in page_tables(int(proc["aspace"]["pgdir_phys"])) \
                    if proc["aspace"] else ():
                owners.setdefault(pde >> number("PAGE_SHIFT"), []).append(
                    (start, f"{int(proc['pid'])} {proc['comm'].string()}"))
        for slot in slots:
            table, index = slot >> 10, slot & (number("PTRS_PER_TABLE") - 1)
            pte = read_word(entry_address(table << number("PAGE_SHIFT"), index))
            print(f"entry {index} of table {table:#x}: {entry_words(pte)}")
            for start, who in owners.get(table, []):
                print(f"      {start + (index << number('PAGE_SHIFT')):08x} of process {who}")


class Writer(Command):
    """quire writer VA [PID]: go back to where the PTE for VA was last written, and tell by whom.

    Needs a recording: ./quire debug --reverse. Once more goes to the write before. Accessed and dirty bits
    that the CPU sets are no writes."""

    def run(self, text):
        va, *pid = arguments(text, self.usage, 1, 2)
        where = pte_address(directory(pid[0]) if pid else loaded_directory(), va)
        if not where:
            raise gdb.GdbError(f"No page table spans {va:#x}.")
        watch = gdb.Breakpoint(f"*(unsigned int *){where:#x}", gdb.BP_WATCHPOINT, internal=True)
        try:
            gdb.execute("reverse-continue", to_string=True)
        finally:
            watch.delete()
        print(f"PTE for {va:#x}: {entry_words(read_word(where))}, written by")
        frame = gdb.newest_frame()
        while frame and frame.name() and frame.pc() >= number("KERNEL_BASE"):
            print(f"      {frame.name()} {source(frame.find_sal())}")
            frame = frame.older()


# ---- to a program's main ----

class Execution(gdb.Breakpoint):
    """Stops where a program of this path takes the place of another, which cannot fail any more: at
    the first instruction of exec_become(), where the arguments are surely on the stack."""

    def __init__(self, path):
        super().__init__("*exec_become", internal=True)
        self.silent = True
        self.path = path

    def stop(self):
        return value("*(char **)($esp + 8)").string() == self.path


class Start(gdb.Breakpoint):
    """Stops in one address space only: others may have another program at the same address."""

    def __init__(self, location, pgdir):
        super().__init__(location, temporary=True)
        self.pgdir = pgdir

    def stop(self):
        return loaded_directory() == self.pgdir


class Main(Command):
    """quire main PATH [FILE]: go on until the program PATH reaches its main; FILE on the host has its
    symbols. Without symbols: until its first instruction."""

    def run(self, text):
        path, *file = gdb.string_to_argv(text)
        execution = Execution(path)
        try:
            gdb.execute("continue", to_string=True)
        except gdb.error as error:
            raise gdb.GdbError(f"The machine ended and had not run {path}; debug.err may say why.") from error
        execution.delete()
        new = value("*(struct exec **)($esp + 4)")
        bias = int(new["program"]["bias"])
        location = f"*{bias + int(new['program']['elf']['entry']):#x}"
        pgdir = int(new["as"]["pgdir_phys"])
        if file:
            gdb.execute(f"add-symbol-file {shlex.quote(file[0])} -o {bias:#x}", to_string=True)
        if gdb.lookup_static_symbol("main") or gdb.lookup_global_symbol("main"):
            location = "main"
        else:
            print(f"There are no symbols with a main for {path}: this is its first instruction.")
        Start(location, pgdir)
        gdb.execute("continue")
