"""Draws curves as SVG: a few lines of it are all that a curve needs."""

import math
import os
from html import escape

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 48, 56
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#8250df", "#bf8700", "#57606a")


def ticks(highest, count=5):
    """Round values from 0 to at least `highest`, which is above 0."""
    power = 10.0 ** math.floor(math.log10(highest / count))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power * count >= highest)
    return [step * number for number in range(count + 1)]


def label(value):
    if value >= 1_000_000:
        return f"{value / 1_000_000:g} M"
    return f"{value / 1000:g} k" if value >= 10_000 else f"{value:g}"


def chart(title, x_title, y_title, curves):
    """`curves`: {name: [(x, y), …]}, each drawn as a line through its points; all axes begin at 0."""
    points = [point for curve in curves.values() for point in curve]
    across = ticks(max((x for x, _ in points), default=1) or 1)
    up = ticks(max((y for _, y in points), default=1) or 1)
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(x, y):
        return LEFT + inner_width * x / across[-1], HEIGHT - BOTTOM - inner_height * y / up[-1]

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="13">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{escape(title)}</text>']
    for value in up:
        x, y = at(0, value)
        out.append(f'<line x1="{x}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x - 8}" y="{y + 4:.1f}" text-anchor="end">{label(value)}</text>')
    for value in across:
        x, y = at(value, 0)
        out.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{label(value)}</text>')
    middle_x, middle_y = LEFT + inner_width / 2, TOP + inner_height / 2
    out.append(f'<text x="{middle_x}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_title)}</text>')
    out.append(f'<text transform="translate(18 {middle_y}) rotate(-90)" text-anchor="middle">'
               f'{escape(y_title)}</text>')
    for number, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [at(x, y) for x, y in sorted(curve)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(places) <= 30:
            out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        y = TOP + 8 + 20 * number
        out.append(f'<rect x="{WIDTH - RIGHT + 16}" y="{y - 9}" width="14" height="10" '
                   f'fill="{colour}"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 36}" y="{y}">{escape(name)}</text>')
    return "\n".join([*out, "</svg>", ""])


def plot(results, directory):
    """Writes the curves of what was measured; says where."""
    charts = {}
    if "grow" in results:
        points = results["grow"]["points"]
        charts["latency.svg"] = chart(
            "Latency of reads, one caller, p50", "cases", "ms",
            {name: [(point["cases"], point[f"{side}_p50_us"] / 1000) for point in points]
             for side, name in (("status", "GetCaseStatus"), ("list", "ListCases of 20"),
                                ("track", "TrackByReceipt"))})
        charts["memory.svg"] = chart(
            "Resident memory", "cases", "MiB",
            {name: [(point["cases"], point[f"{name}_resident"] / 2**20) for point in points]
             for name in ("intake", "referral", "status")})
    if "soak" in results:
        charts["soak.svg"] = chart(
            "Resident memory under load", "minutes", "MiB",
            {name: [(sample["seconds"] / 60, sample["resident"] / 2**20) for sample in samples]
             for name, samples in results["soak"]["samples"].items()})
    for name, text in charts.items():
        path = os.path.join(directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        print(path)
