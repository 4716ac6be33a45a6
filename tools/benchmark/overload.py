"""Four times the load that intake can carry, and a peer that hangs: what becomes of those who file."""

from kinds import Held, Measurement, at_least, file_at, time_limit
from parts import RedressCli

CALIBRATION = (32, 64, 128, 256)
TIMES = 4
# Whoever is told to come back does so with the token they have: else four times the callers, each with a
# new one a second, would be four times the tokens to sign and to verify for the same filings.
KEEP_TOKEN = 60


def filed_by(count, parts, warmup, seconds):
    return {**file_at(count, keep_token=KEEP_TOKEN)(parts, warmup, seconds), "outstanding": count}


def best_concurrency(parts, seconds):
    """With how many callers the most is done, and so what this machine can carry."""
    def calibrate():
        rates = {count: filed_by(count, parts, seconds / 4, seconds / 2)["per_second"]
                 for count in CALIBRATION}
        return max(rates, key=rates.get)
    return parts.once("best concurrency", calibrate)


def carried(parts, warmup, seconds):
    return filed_by(best_concurrency(parts, seconds), parts, warmup, seconds)


def overloaded(parts, warmup, seconds):
    return filed_by(TIMES * best_concurrency(parts, seconds), parts, warmup, seconds)


# Referrals that wait for the peer that hangs.
WAITING = 20


def beside_peer(parts, warmup, seconds):
    """Filing at a node with all its services, which has a peer."""
    nodes = parts.two_nodes()
    return parts.load("file", nodes.service("kh", "intake"), 32, warmup, seconds,
                      profiles=nodes.profiles_dir())


def beside_hung_peer(parts, warmup, seconds):
    """The same while the peer takes connections and answers nothing, and referrals wait for it."""
    nodes = parts.two_nodes()
    peer, cli, cases = nodes.service("my", "referral"), RedressCli(nodes), parts.open_cases(WAITING)
    peer.hang()
    try:
        for case in cases:
            cli.call("kh-ministry", "referral", "refer", case, "--to", "my:mtuc", "--ad-hoc")
        return beside_peer(parts, warmup, seconds)
    finally:
        peer.wake()


def told_when(side):
    """The share of those who were not served that were told when to come back."""
    missed = side["turned_away"] + sum(side["refused"].values())
    return side["turned_away"] / missed if missed else 1.0


MEASUREMENTS = [
    Measurement("unloaded", "FileComplaint, 1 outstanding, beside it", file_at(1), "overload"),
    Measurement("carried", "FileComplaint by as many callers as do the most", carried, "overload",
                in_turns="load"),
    Measurement("overloaded", f"FileComplaint by {TIMES} times as many", overloaded, "overload",
                in_turns="load"),
    Measurement("beside_peer", "FileComplaint at a whole node with a peer, 32", beside_peer, "overload"),
    Measurement("beside_hung_peer", "the same while the peer hangs", beside_hung_peer, "overload"),
]
SIDES = ("carried", "overloaded")
HELD = [
    Held("goodput", f"goodput at {TIMES} times the load, of its best", 0.9, False, SIDES,
         lambda sides: sides["overloaded"]["per_second"] / sides["carried"]["per_second"]),
    Held("admitted p99", f"p99 of what is admitted at {TIMES} times the load, of that at the load it "
         "can carry", 3, True, SIDES,
         lambda sides: sides["overloaded"]["p99_us"] / sides["carried"]["p99_us"]),
    Held("admitted p99 of unloaded", f"p99 of what is admitted at {TIMES} times the load, of that of one caller",
         3, True, ("overloaded", "unloaded"),
         lambda sides: sides["overloaded"]["p99_us"] / sides["unloaded"]["p99_us"]),
    Held("told when", "of those turned away: told when to come back", 1, False, SIDES,
         lambda sides: told_when(sides["overloaded"])),
    Held("told at once", "how long they wait for that, p50, of an admitted call's p50", 1, True, SIDES,
         lambda sides: sides["overloaded"].get("turned_away_p50_us", 0)
         / sides["overloaded"]["p50_us"]),
    at_least("beside a hung peer", "FileComplaint while a peer hangs, of the same while it answers", 0.9,
             "beside_hung_peer", "beside_peer"),
]
# Whatever takes in batches what many send has the one wait for the others.
LIMITS = [
    time_limit("p99 of the minimal handler writing a filing's rows for 32 callers, of that for one",
                  ("store_as_filing_32", "store_as_filing_1"),
                  lambda sides: sides["store_as_filing_32"]["p99_us"] / sides["store_as_filing_1"]["p99_us"]),
]
