"""Read the section headers and symbols of a 32-bit little-endian ELF file.

Enough of ELF for the build's own checks, so that they need no binutils. Field layouts are those of
the System V ABI, chapter 4 ("Object Files").
"""

import struct
from dataclasses import dataclass

MAGIC = b"\x7fELF\x01\x01"
EM_386 = 3
STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION = 0, 1, 2, 3
STB_LOCAL, STB_GLOBAL, STB_WEAK = 0, 1, 2
SHN_UNDEF, SHN_LORESERVE = 0, 0xFF00
SHT_SYMTAB = 2
SHF_EXECINSTR = 4


@dataclass
class Section:
    name: str
    type: int
    flags: int
    addr: int
    offset: int
    size: int
    link: int


@dataclass
class Symbol:
    name: str
    value: int
    size: int
    type: int
    bind: int
    section: int  # Index into the section table; SHN_UNDEF when another file defines it.


class ElfError(Exception):
    """The file is not what it should be; the text says how."""


def _string(table, offset):
    return table[offset:table.index(b"\0", offset)].decode()


def is_i386(path):
    """Is the file a program or library for the i386?"""
    with open(path, "rb") as file:
        head = file.read(20)
    return head.startswith(MAGIC) and int.from_bytes(head[18:], "little") == EM_386


class Elf:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        if not self.data.startswith(MAGIC):
            raise ElfError(f"{path} is not a 32-bit little-endian ELF file")
        self.sections = self._read_sections()
        self.symbols = self._read_symbols()

    def contents(self, section):
        return self.data[section.offset:section.offset + section.size]

    def is_text(self, symbol):
        """True when the symbol is defined in an executable section."""
        return (SHN_UNDEF < symbol.section < SHN_LORESERVE
                and bool(self.sections[symbol.section].flags & SHF_EXECINSTR))

    def _read_sections(self):
        offset, = struct.unpack_from("<I", self.data, 0x20)
        size, count, names = struct.unpack_from("<HHH", self.data, 0x2E)
        raw = [struct.unpack_from("<10I", self.data, offset + i * size) for i in range(count)]
        table = self.data[raw[names][4]:raw[names][4] + raw[names][5]]
        return [Section(_string(table, r[0]), r[1], r[2], r[3], r[4], r[5], r[6]) for r in raw]

    def _read_symbols(self):
        symbols = []
        for section in self.sections:
            if section.type != SHT_SYMTAB:
                continue
            names = self.contents(self.sections[section.link])
            for name, value, size, info, _, index in struct.iter_unpack(
                    "<IIIBBH", self.contents(section)):
                symbols.append(
                    Symbol(_string(names, name), value, size, info & 15, info >> 4, index))
        return symbols
