"""Writes the figures into docs/performance.md, so that none is typed by hand."""

import os

import soak
from parts import BenchError, ROOT
from tables import as_markdown

DOCUMENT = os.path.join(ROOT, "docs", "performance.md")


def mark(section, which):
    return f"<!-- {which} of what tools/bench --report writes: {section} -->"


def replace(text, section, content):
    """The text with what stands between the marks of the section replaced."""
    begin, end = mark(section, "begin"), mark(section, "end")
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise BenchError(f"{DOCUMENT}: the marks of {section} are not there once and in order")
    before, rest = text.split(begin)
    return f"{before}{begin}\n\n{content}\n\n{end}{rest.split(end)[1]}"


def taken_on(result):
    machine = result["machine"]
    line = (f"`{result['command']}`, {result['when']}, commit {result['commit']}, {machine['cores']} cores of "
            f"{machine['processor']}, {machine['memory_gib']} GiB, {machine['system']}.")
    if result.get("not_clean"):
        line += " Not clean: " + "; ".join(result["not_clean"]) + "."
    return line


def section(result, tables):
    rounds = (f" Medians of {result['rounds']} rounds of {result['seconds']:g} s a side."
              if "rounds" in result else "")
    came = soak.came(result) if "samples" in result else ""
    return "\n\n".join([taken_on(result) + rounds + came, *map(as_markdown, tables)])


def report(results, kinds, document=DOCUMENT):
    """`results`: {kind: result}, `kinds`: {kind: (…, its tables)}; other kinds stay as they are."""
    with open(document, encoding="utf-8") as file:
        text = file.read()
    for kind, result in results.items():
        text = replace(text, kind, section(result, kinds[kind][1](result)))
    with open(document, "w", encoding="utf-8") as file:
        file.write(text)
