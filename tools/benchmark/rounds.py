"""Runs all sides in turn, several times, and says what came of it."""

import itertools
import statistics
import time
from collections import Counter

from machine import Watch


STRETCHES = 4


def joined(stretches):
    """The JSON of one side from that of stretches of equal length: what was counted is added up, what
    was timed is the mean of those that timed it."""
    whole = {name: value for stretch in stretches for name, value in stretch.items()}
    for name in whole:
        values = [stretch[name] for stretch in stretches if name in stretch]
        if name == "refused":
            whole[name] = dict(sum(map(Counter, values), Counter()))
        elif name == "max_us":
            whole[name] = max(values)
        elif name in ("done", "turned_away", "seconds"):
            whole[name] = sum(values)
        elif name.endswith(("_us", "per_second")):
            whole[name] = statistics.fmean(values)
    return whole


def take(parts, measurements, warmup, seconds):
    """{measurement: its JSON} of those that are measured in turns, or of the only one."""
    stretches = STRETCHES if len(measurements) > 1 else 1
    taken = {one.name: [] for one in measurements}
    for _ in range(stretches):
        for one in measurements:
            taken[one.name].append(one.run(parts, warmup, seconds / stretches))
    return {name: joined(runs) for name, runs in taken.items()}


def run_rounds(parts, measurements, rounds, warmup, seconds, tell):
    """[{measurement: its JSON} for each round], and what the machine gave to others in each."""
    results, shares = [], []
    for number in range(1, rounds + 1):
        watch, sides = Watch(parts.own_pids), {}
        for _, group in itertools.groupby(measurements, lambda one: one.in_turns or one.name):
            together, began = list(group), time.monotonic()
            sides.update(take(parts, together, warmup, seconds))
            each = (time.monotonic() - began) / len(together)
            for one in together:
                tell(f"round {number} of {rounds}: {one.title}", sides[one.name], each)
        results.append(sides)
        shares.append(watch.stop())
    return results, shares


def median_and_spread(values):
    """(median, lowest, highest)"""
    return statistics.median(values), min(values), max(values)


def summary(measurements, results):
    """A row for each measurement: medians of its rounds, and how far they lie apart."""
    rows = []
    for measurement in measurements:
        runs = [sides[measurement.name] for sides in results]
        middle, low, high = median_and_spread([run["per_second"] for run in runs])
        row = {"name": measurement.name, "title": measurement.title, "per_second": middle,
               "spread": (high - low) / middle if middle else 0.0}
        for name in ("p50_us", "p99_us", "server_cpu_us"):
            values = [run[name] for run in runs if name in run]
            if values:
                row[name] = statistics.median(values)
        row["turned_away"] = sum(run.get("turned_away", 0) for run in runs)
        row["refused"] = sum(sum(run.get("refused", {}).values()) for run in runs)
        rows.append(row)
    return rows


def held_rows(held, results):
    """A row for each figure that is held and whose sides were measured. The ratio is taken within
    each round, as the machine is not the same a minute later; of these the median counts."""
    rows = []
    for figure in held:
        values = [figure.value(sides) for sides in results
                  if all(name in sides for name in figure.needs)]
        if not values:
            continue
        middle, low, high = median_and_spread(values)
        rows.append({"name": figure.name, "title": figure.title, "goal": figure.goal,
                     "at_most": figure.at_most, "unit": figure.unit, "value": middle, "lowest": low,
                     "highest": high, "holds": figure.holds(middle)})
    return rows
