"""What a measurement is, and what a figure is that is held."""

from dataclasses import dataclass
from typing import Callable, Optional


@dataclass
class Measurement:
    """One side at one concurrency. `run(parts, warmup, seconds)` gives the load generator's JSON."""

    name: str
    title: str
    run: Callable
    group: str
    needs: str = ""  # The peer that must be there, of those in peers.KINDS.
    # Neighbours with the same word here are measured in turns, a stretch at a time: what is compared
    # to a few per cent is not told from the machine's own ups and downs otherwise.
    in_turns: str = ""


@dataclass
class Held:
    """A ratio that is held. `value(sides)` computes it from one round: {measurement: its JSON}.

    goal  None: it is held to nothing, but shows what could be reached (figures.all_limits)
    """

    name: str
    title: str
    goal: Optional[float]
    at_most: bool
    needs: tuple
    value: Callable
    unit: str = "×"

    def holds(self, value):
        if self.goal is None:
            return None
        return value <= self.goal if self.at_most else value >= self.goal


def at_least(name, title, goal, above, below):
    """The rate of one side, as a multiple of another's."""
    return Held(name, title, goal, False, (above, below),
                lambda sides: sides[above]["per_second"] / sides[below]["per_second"])


def limit(title, above, below):
    """The same, held to nothing."""
    return at_least(title, title, None, above, below)


def limit_at_best(title, above, below):
    """at_least_at_best, held to nothing."""
    return at_least_at_best(title, title, None, above, below)


def time_limit(title, needs, value):
    """A time as a multiple of another, held to nothing."""
    return Held(title, title, None, True, needs, value)


def at_least_at_best(name, title, goal, above, below):
    """The same with each side at whichever of its concurrencies does most in the round."""
    def best(sides, names):
        return max(sides[one]["per_second"] for one in names)
    return Held(name, title, goal, False, (*above, *below),
                lambda sides: best(sides, above) / best(sides, below))


def file_at(outstanding, fresh=0, keep_token=1):
    return lambda parts, warmup, seconds: parts.load(
        "file", parts.filing_intake(), outstanding, warmup, seconds, fresh_tokens=fresh,
        keep_token=keep_token)
