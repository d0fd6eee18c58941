"""A line plot as SVG, y being logarithmic, in colours that can be read on a light and on a dark page."""

from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 860, 480
LEFT, RIGHT, TOP, BOTTOM = 76, 140, 48, 56
LEGEND_STEP = 22

# Hues that stay apart for most kinds of colour blindness (Paul Tol's scheme), for light and dark pages;
# lines beyond them are dashed.
LIGHT = ("#4477AA", "#EE6677", "#228833", "#AA7F00", "#0E8FB8", "#AA3377", "#777777")
DARK = ("#7FB2E5", "#FF8A96", "#5CC96F", "#E5C45C", "#7AD7F0", "#E07FB5", "#BBBBBB")
DASHES = ("", "6 3", "2 3")

STYLE = """
svg { background: #ffffff; font-family: system-ui, sans-serif; font-size: 13px; }
text { fill: #222222; } .title { font-size: 16px; font-weight: 600; } .small { font-size: 12px; }
.grid { stroke: #dddddd; } .axis { stroke: #555555; } .line { fill: none; stroke-width: 2; }
.floor { stroke: #000000; stroke-width: 3; } .below { fill: #000000; fill-opacity: 0.06; }
"""
STYLE_DARK = """
svg { background: #14171a; } text { fill: #e8e8e8; } .grid { stroke: #33383d; }
.axis { stroke: #aaaaaa; } .floor { stroke: #ffffff; } .below { fill: #ffffff; fill-opacity: 0.08; }
"""


@dataclass
class Line:
    """A named line through points (x, y), sorted by x; marks are points beside it."""
    name: str
    points: list
    marks: list
    is_floor: bool = False  # No other line can lie below it.


def _ticks(low, high, most):
    """Round numbers from low to high, at most about so many."""
    rough = max((high - low) / most, 1)
    unit = 10 ** floor(log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return [step * i for i in range(ceil(low / step), floor(high / step) + 1)]


def _decades(low, high):
    """Numbers 1, 2 and 5 times powers of ten from low to high."""
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    return [n for n in (digit * 10 ** power for power in powers for digit in (1, 2, 5)) if low <= n <= high]


class _Scale:
    """From values to places on the page; all y are positive."""

    def __init__(self, lines):
        xs = [x for line in lines for x, _ in line.points]
        ys = [y for line in lines for _, y in line.points + line.marks]
        self.left, self.right = min(xs), max(max(xs), min(xs) + 1)
        self.low, self.high = min(ys) * 0.8, max(ys) * 1.1

    def x(self, value):
        share = (value - self.left) / (self.right - self.left)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value):
        share = log10(value / self.low) / log10(self.high / self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def path(self, points):
        return " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)


def _axes(scale, x_label, y_label):
    out = []
    for value in _decades(max(1, ceil(scale.low)), scale.high):
        y = scale.y(value)
        out += [f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>',
                f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:,}</text>']
    for value in _ticks(scale.left, scale.right, 10):
        x = scale.x(value)
        out += [f'<line class="axis" x1="{x}" x2="{x}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM + 5}"/>',
                f'<text x="{x}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{value:,}</text>']
    middle = (LEFT + WIDTH - RIGHT) / 2
    out += [f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>',
            f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{escape(x_label)}</text>',
            f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
            f'text-anchor="middle">{escape(y_label)}</text>']
    return out


def _by_height(lines):
    """Lines from the highest to the lowest, as the legend lists them: all of them may meet at the ends."""
    return sorted(lines, key=lambda line: -sum(log10(y) for _, y in line.points))


def _draw(scale, line, style):
    out = []
    if line.is_floor:
        base, left, right = HEIGHT - BOTTOM, scale.x(line.points[0][0]), scale.x(line.points[-1][0])
        out.append(f'<polygon class="below" points="{left},{base} {scale.path(line.points)} {right},{base}"/>')
    out.append(f'<polyline class="line {style}" points="{scale.path(line.points)}"/>')
    return out + [f'<circle class="mark {style}" cx="{scale.x(x)}" cy="{scale.y(y)}" r="4"/>'
                  for x, y in line.marks]


def _legend(names_and_styles):
    out, x, y = [], WIDTH - RIGHT + 24, TOP + 12
    for name, style in names_and_styles:
        out += [f'<line class="line {style}" x1="{x}" x2="{x + 30}" y1="{y}" y2="{y}"/>',
                f'<text x="{x + 38}" y="{y + 4}">{escape(name)}</text>']
        y += LEGEND_STEP
    return out


def _styles(count):
    """CSS of the classes s0, s1, ..., for light pages and for dark ones."""
    def rules(colours):
        return "".join(
            f".s{i} {{ stroke: {colours[i % len(colours)]}; stroke-dasharray: {DASHES[i // len(colours) % 3] or 'none'}; }}"
            f" .mark.s{i} {{ fill: {colours[i % len(colours)]}; }}\n" for i in range(count))
    return (f"<style>{STYLE}{rules(LIGHT)}"
            f"@media (prefers-color-scheme: dark) {{ {STYLE_DARK}{rules(DARK)} }}</style>")


def draw(title, subtitle, x_label, y_label, lines):
    """The plot as the text of an SVG file."""
    scale = _Scale(lines)
    coloured = [line for line in lines if not line.is_floor]
    style = {line.name: "floor" if line.is_floor else f"s{coloured.index(line)}" for line in lines}
    body = _axes(scale, x_label, y_label)
    for line in lines:
        body += _draw(scale, line, style[line.name])
    body += _legend([(line.name, style[line.name]) for line in _by_height(lines)])
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>", _styles(len(coloured)),
        f'<text class="title" x="{LEFT}" y="22">{escape(title)}</text>',
        f'<text class="small" x="{LEFT}" y="39">{escape(subtitle)}</text>', *body, "</svg>", ""])
