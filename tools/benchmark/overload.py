"""Four times the load that intake can carry: what becomes of those who are taken and those who are not."""

from kinds import Held, Measurement, file_at

CALIBRATION = (32, 64, 128, 256)
TIMES = 4


def best_concurrency(parts, seconds):
    """With how many callers the most is done, and so what this machine can carry."""
    def calibrate():
        rates = {count: file_at(count)(parts, seconds / 4, seconds / 2)["per_second"]
                 for count in CALIBRATION}
        return max(rates, key=rates.get)
    return parts.once("best concurrency", calibrate)


def carried(parts, warmup, seconds):
    count = best_concurrency(parts, seconds)
    return {**file_at(count)(parts, warmup, seconds), "outstanding": count}


def overloaded(parts, warmup, seconds):
    count = TIMES * best_concurrency(parts, seconds)
    return {**file_at(count)(parts, warmup, seconds), "outstanding": count}


def told_when(side):
    """The share of those who were not served that were told when to come back."""
    missed = side["turned_away"] + sum(side["refused"].values())
    return side["turned_away"] / missed if missed else 1.0


MEASUREMENTS = [
    Measurement("carried", "FileComplaint by as many callers as do the most", carried, "overload"),
    Measurement("overloaded", f"FileComplaint by {TIMES} times as many", overloaded, "overload"),
]
SIDES = ("carried", "overloaded")
HELD = [
    Held("goodput", f"goodput at {TIMES} times the load, of its best", 0.9, False, SIDES,
         lambda sides: sides["overloaded"]["per_second"] / sides["carried"]["per_second"]),
    Held("admitted p99", f"p99 of what is admitted at {TIMES} times the load, of that at the load it "
         "can carry", 3, True, SIDES,
         lambda sides: sides["overloaded"]["p99_us"] / sides["carried"]["p99_us"]),
    Held("told when", "of those turned away: told when to come back", 1, False, SIDES,
         lambda sides: told_when(sides["overloaded"])),
    Held("told at once", "how long they wait for that, p50, of an admitted call's p50", 1, True, SIDES,
         lambda sides: sides["overloaded"].get("turned_away_p50_us", 0)
         / sides["overloaded"]["p50_us"]),
]
