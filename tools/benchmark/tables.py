"""The tables that are printed, and that the documents hold."""


def number(value):
    """Three digits that count, and no more."""
    if value >= 1000:
        return f"{round(value, -1 if value < 10000 else -2):,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def goal(row):
    return f"{'≤' if row['at_most'] else '≥'} {number(row['goal'])} {row['unit']}"


def milliseconds(row, name):
    return f"{row[name] / 1000:.2f} ms" if name in row else ""


def measured_table(rows):
    header = ("What", "a second", "± of it", "p50", "p99", "server CPU", "not taken")
    lines = []
    for row in rows:
        not_taken = row["turned_away"] + row["refused"]
        lines.append((row["title"], number(row["per_second"]), f"{row['spread'] / 2:.0%}",
                      milliseconds(row, "p50_us"), milliseconds(row, "p99_us"),
                      f"{row['server_cpu_us']:.0f} µs" if "server_cpu_us" in row else "",
                      f"{not_taken:,}" if not_taken else ""))
    return header, lines


def held_table(rows):
    header = ("Figure", "held to", "measured", "lowest to highest", "")
    lines = [(row["title"], goal(row), f"{number(row['value'])} {row['unit']}",
              f"{number(row['lowest'])} to {number(row['highest'])}",
              "holds" if row["holds"] else "DOES NOT HOLD") for row in rows]
    return header, lines


def limits_table(rows):
    header = ("What could be reached, and what is reached of it", "measured", "lowest to highest")
    lines = [(row["title"], f"{number(row['value'])} {row['unit']}",
              f"{number(row['lowest'])} to {number(row['highest'])}") for row in rows]
    return header, lines


def as_text(table):
    header, lines = table
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(len(header))]
    # Words to the left, numbers to the right.
    return "\n".join("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                               for column, (cell, width) in enumerate(zip(line, widths))).rstrip()
                     for line in [header, *lines])


def as_markdown(table):
    header, lines = table
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *lines])
