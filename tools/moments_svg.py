"""Moments of page tables (tools/moments.py) as SVG: directories point at tables, whose cells are pages
with the numbers of their frames."""

from html import escape

import plot

WIDTH, MARGIN = 960, 24
SPACES_X, SPACES_WIDTH, TABLES_X = MARGIN, 190, 340
CELL, CELL_WIDTH, STEP, ROW_CELLS = 18, 38, 40, 12  # Cells are drawn in so many to a row.
LINE, GAP = 20, 16
LABEL = 84  # The address before a row.

NAMES = {"anon": "private", "cow": "private, shown more than once", "file": "of a file",
         "zero": "zero page", "swapped": "in swap"}

STYLE = """
.cell { stroke: none; } .number { fill: #ffffff; font-size: 11px; text-anchor: middle; pointer-events: none; }
.anon { fill: #228833; } .cow { fill: #AA7F00; } .file { fill: #4477AA; } .zero { fill: #777777; }
.swapped { fill: #CC3311; } .changed { fill: none; stroke: #000000; stroke-width: 2.5; }
.box { fill: none; stroke: #888888; } .shared { stroke: #AA3377; stroke-width: 2.5; }
.may-write { stroke: #555555; fill: none; } .may-not { stroke: #AA3377; fill: none; stroke-dasharray: 5 3; }
.mono { font-family: ui-monospace, monospace; font-size: 12px; }
"""
STYLE_DARK = """
.changed { stroke: #ffffff; } .may-write { stroke: #bbbbbb; } .may-not, .shared { stroke: #E07FB5; }
"""


def plural(count, one):
    return f"{count} {one}" + ("" if count == 1 else "s")


def sentences(moment):
    """What has happened, in a title and a sentence."""
    shown = [frame for space in moment.spaces for frame, _ in space.directory.values()]
    shared = sum(shown.count(table.frame) > 1 for table in moment.tables)
    changes = plural(moment.changes, "page")
    return {
        "fork": ("fork", f"Parent and child point at the same {plural(shared, 'page table')}, and may not "
                 "write through them. No page was copied."),
        "write": ("first writes", f"{changes} copied, and the tables that show them; all else is still "
                  "one copy for both."),
        "evict": ("eviction", f"{changes} went to swap: the entry now names a slot there, no frame."),
        "return": ("return", f"{changes} came back from swap when touched, into a frame."),
        "end": ("end", f"How it is when {moment.spaces[0].name} ends: {plural(len(moment.tables), 'page table')}."),
    }[moment.kind]


class Picture:
    """Collects the parts, from the top down."""

    def __init__(self):
        self.out, self.y = [], MARGIN

    def text(self, x, y, words, style=""):
        self.out.append(f'<text class="{style}" x="{x}" y="{y}">{escape(words)}</text>')

    def legend(self):
        x = MARGIN
        for kind, name in NAMES.items():
            self._rect(x, self.y, f"legend {kind}")
            self.text(x + STEP + 4, self.y + 14, name, "small")
            x += STEP + 20 + 7 * len(name)
        self._rect(x, self.y, "changed")
        self.text(x + STEP + 4, self.y + 14, "changed at this moment", "small")
        self.y += LINE + GAP

    def _rect(self, x, y, style):
        self.out.append(f'<rect class="{style}" x="{x}" y="{y}" width="{CELL_WIDTH}" height="{CELL}" rx="2"/>')

    def moment(self, number, moment):
        title, sentence = sentences(moment)
        self.out.append(f'<g class="moment" data-kind="{moment.kind}">')
        self.text(MARGIN, self.y + 14, f"{number}. {title}", "title")
        self.text(MARGIN + 150, self.y + 14, sentence)
        self.y += LINE + GAP / 2
        top = self.y
        exits = self._spaces(moment)
        bottom, self.y = self.y, top
        entries = {table.frame: self._table(table, exits) for table in
                   sorted(moment.tables, key=lambda table: (table.address, table.frame))}
        for frame, x, y, may_write in exits:
            self._arrow(x, y, entries[frame], may_write)
        self.out.append("</g>")
        self.y = max(self.y, bottom) + GAP

    def _spaces(self, moment):
        """Boxes of the directories; [(frame of the table, x, y, may write)] where arrows begin."""
        exits = []
        for space in moment.spaces:
            height = LINE * (1 + len(space.directory)) + 8
            self.out.append(f'<rect class="box space" x="{SPACES_X}" y="{self.y}" width="{SPACES_WIDTH}" '
                            f'height="{height}" rx="4"/>')
            self.text(SPACES_X + 8, self.y + 16, f"process {space.pid}: {space.name}")
            for line, (address, (frame, may_write)) in enumerate(space.directory.items(), 1):
                y = self.y + LINE * line + 16
                self.text(SPACES_X + 8, y, f"{address:08x}  {'rw' if may_write else 'r-'}", "mono")
                exits.append((frame, SPACES_X + SPACES_WIDTH, y - 4, may_write))
            self.y += height + GAP
        return exits

    def _table(self, table, exits):
        """A box with a cell for each entry that is not empty; the y at which arrows end."""
        owners = [exit for exit in exits if exit[0] == table.frame]
        runs = rows_of(sorted(table.pages))
        height = LINE * (1 + len(runs)) + 8
        style = "box table shared" if len(owners) > 1 else "box table"
        self.out.append(f'<rect class="{style}" x="{TABLES_X}" y="{self.y}" '
                        f'width="{WIDTH - MARGIN - TABLES_X}" height="{height}" rx="4"/>')
        words = f"page table in frame {table.frame:x}"
        self.text(TABLES_X + 8, self.y + 15, words + (f", shared by {len(owners)}" if len(owners) > 1 else ""))
        for line, run in enumerate(runs, 1):
            y = self.y + LINE * line + 2
            self.text(TABLES_X + 8, y + 13, f"{table.address + (run[0] << 12):08x}", "mono")
            for place, index in enumerate(run):
                self._page(TABLES_X + LABEL + STEP * place, y, table, index)
        middle = self.y + 11
        self.y += height + GAP / 2
        return middle

    def _page(self, x, y, table, index):
        page = table.pages[index]
        where = f"slot {page.number:x}" if page.kind == "swapped" else f"frame {page.number:x}"
        self.out.append(f"<g><title>{table.address + (index << 12):08x}: {NAMES[page.kind]}, {where}, "
                        f"{plural(page.views, 'view')}</title>")
        self._rect(x, y, f"cell {page.kind}")
        self.out.append(f'<text class="number" x="{x + CELL_WIDTH / 2:g}" y="{y + 13}">'
                        f"{where.removeprefix('frame ')}</text>")
        if page.changed:
            self._rect(x, y, "changed")
        self.out.append("</g>")

    def _arrow(self, x, y, to_y, may_write):
        style, middle = "may-write" if may_write else "may-not", (x + TABLES_X) / 2
        self.out.append(f'<path class="arrow {style}" marker-end="url(#tip)" '
                        f'd="M{x},{y} C{middle},{y} {middle},{to_y} {TABLES_X - 4},{to_y}"/>')


def rows_of(indexes):
    """Runs of neighbours, none longer than a row."""
    rows = []
    for index in indexes:
        if rows and index == rows[-1][-1] + 1 and len(rows[-1]) < ROW_CELLS:
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def draw(title, moments):
    """The picture as the text of an SVG file."""
    picture = Picture()
    picture.text(MARGIN, picture.y + 8, f"{title}: page tables at {plural(len(moments), 'moment')}", "title")
    picture.y += LINE + GAP / 2
    picture.legend()
    for number, moment in enumerate(moments, 1):
        picture.moment(number, moment)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {picture.y:g}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{plot.STYLE}{STYLE}@media (prefers-color-scheme: dark) {{ {plot.STYLE_DARK}{STYLE_DARK} }}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#888888"/></marker></defs>',
        *picture.out, "</svg>", ""])
