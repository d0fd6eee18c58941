#!/usr/bin/env python3
"""Make the table of function names that the kernel carries for its backtraces.

    ksyms.py make OUT.S [ELF]           write the table of ELF's functions (none without ELF)
    ksyms.py check PASS1 FINAL...       fail when a function moved between the links

The kernel is linked twice (cmake/Kernel.cmake). The layout is `struct ksym` of kernel/lib/ksyms.h.
"""

import sys

import elf


def functions(path):
    """Name of every function of the file by address; typed symbols win over bare labels."""
    image = elf.Elf(path)
    found = {}
    for symbol in image.symbols:
        typed = symbol.type == elf.STT_FUNC
        label = symbol.type == elf.STT_NOTYPE and symbol.bind == elf.STB_GLOBAL
        if not (typed or label) or not image.is_text(symbol):
            continue
        rank = (typed, symbol.bind != elf.STB_LOCAL)
        if symbol.value not in found or rank > found[symbol.value][0]:
            found[symbol.value] = (rank, symbol.name)
    return {address: name for address, (_, name) in sorted(found.items())}


def make(output, source=None):
    table = functions(source) if source else {}
    lines = [
        "/* Made by tools/ksyms.py from the linked kernel. */",
        '\t.section .ksyms, "a", @progbits',
        "\t.balign 4",
        "\t.globl ksyms, ksyms_count",
        "\t.type ksyms, @object",
        "\t.type ksyms_count, @object",
        f"ksyms_count:\n\t.long {len(table)}",
        "\t.size ksyms_count, 4",
        "ksyms:",
    ]
    lines += [f"\t.long {address:#x}, .Lname{i}" for i, address in enumerate(table)]
    lines.append("\t.size ksyms, . - ksyms")
    lines += [f'.Lname{i}:\n\t.asciz "{name}"' for i, name in enumerate(table.values())]
    with open(output, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


def check(first, *others):
    before = functions(first)
    for path in others:
        after = functions(path)
        moved = sorted(set(before.items()) ^ set(after.items()))
        if moved:
            address, name = moved[0]
            sys.exit(f"ksyms.py: {name} at {address:#x} is not in both {first} and {path}: the "
                     "table of names must lie behind all text in arch/x86/kernel.ld")


def main():
    if len(sys.argv) in (3, 4) and sys.argv[1] == "make":
        make(*(argument for argument in sys.argv[2:] if argument))
    elif len(sys.argv) >= 4 and sys.argv[1] == "check":
        check(*sys.argv[2:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
