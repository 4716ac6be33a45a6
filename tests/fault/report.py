"""What a series of runs did and found, as Markdown."""

import os
import time
from collections import Counter

from kills import NOT_PASSED, fault_points

MOST_PROBLEMS = 40
# So many fault points may be missed in a short run, whatever was passed.
FEW_POINTS = 10
# Waits for an answer that are told: what takes longer than a start is worth a look.
LONG_WAIT_SECONDS = 2


class Report:
    """Sums over runs."""

    def __init__(self, seed, wanted):
        self.seed, self.wanted, self.began = seed, wanted, time.monotonic()
        self.kills = self.runs = self.repeats = self.cases = 0
        self.at, self.troubles, self.outcomes = Counter(), Counter(), Counter()
        self.verbs, self.refusals, self.waits = Counter(), Counter(), {}
        self.problems, self.kept = [], []
        self.longest_start = self.slowest_pause = self.slowest_rest = 0.0

    @property
    def fine(self):
        return not self.problems

    def take(self, run):
        self.runs += 1
        if run.killer is not None:
            self.kills += run.killer.done
            self.at += run.killer.at
            self.troubles += run.killer.troubles
            self.longest_start = max(self.longest_start, run.killer.longest_start)
        self.repeats += run.journal.repeats
        self.outcomes += run.journal.outcomes
        self.verbs += run.journal.verbs
        self.refusals += run.journal.refusals
        for key, seconds in run.journal.waits.items():
            self.waits[key] = max(seconds, self.waits.get(key, 0.0))
        self.cases += sum(len(client.cases) for client in run.clients)
        self.slowest_pause = max(self.slowest_pause, run.slowest_pause)
        self.slowest_rest = max(self.slowest_rest, run.slowest_rest)
        self.problems += [f"run {run.seed}: {problem}" for problem in run.problems]
        if run.problems:
            self.kept.append(run.directory)

    def end(self):
        """Adds what only all runs together can say."""
        passed = sum(kills for place, kills in self.at.items() if "(" not in place)
        missed = sum(kills for place, kills in self.at.items() if NOT_PASSED in place)
        if missed > max(passed, FEW_POINTS):
            self.problems.append(f"{missed} of {passed + missed} fault points that were asked for were "
                                 "not passed: does the build have them, and read the file of faults?")

    def text(self):
        minutes = (time.monotonic() - self.began) / 60
        parts = [
            f"# {self.kills} kills of {self.wanted}, seed {self.seed}\n",
            f"{self.runs} runs in {minutes:.1f} minutes; {self.cases} cases compared; "
            f"requests: {self._outcomes()}; {self.repeats} acknowledged ones repeated. "
            f"Longest start {self.longest_start:.1f} s, longest until clients paused "
            f"{self.slowest_pause:.1f} s, longest way to rest and comparison "
            f"{self.slowest_rest:.1f} s.\n",
            "## Found\n", self._found(),
            "## Where services died\n", _table(("place", "kills"), self.at),
            "Fault points at which nothing died: " + (", ".join(self._never()) or "none") + ".\n",
            "## Between the nodes meanwhile\n", _table(("line", "times"), self.troubles),
            "## Requests\n",
            _table(("verb, end", "times"), {", ".join(key): n for key, n in self.verbs.items()}),
            "## Refusals\n",
            _table(("verb, reason", "times"),
                   {", ".join(key): n for key, n in self.refusals.items()}),
            "## Longest waits for an answer\n",
            _table(("verb, what was said instead", "seconds"),
                   {", ".join(key): f"{seconds:.1f}" for key, seconds in self.waits.items()
                    if seconds >= LONG_WAIT_SECONDS}),
        ]
        return "\n".join(parts)

    def write(self, path):
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(self.text())
        os.replace(path + ".new", path)

    def _outcomes(self):
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))

    def _found(self):
        if self.fine:
            return "Nothing.\n"
        lines = [f"- {problem}" for problem in self.problems[:MOST_PROBLEMS]]
        more = len(self.problems) - len(lines)
        lines += [f"- and {more} more"] if more > 0 else []
        lines.append(f"\nRepeat with `tools/torture --seed {self.seed} --kills {self.wanted}`; "
                     f"threads of real processes take other turns each time. Stores and logs: "
                     f"{', '.join(self.kept)}.\n")
        return "\n".join(lines)

    def _never(self):
        points, starts = fault_points()
        names = {f"{service} {name}" for of in (points, starts) for service, all_names in of.items()
                 for name in all_names}
        return sorted(names - set(self.at))


def _table(heads, counts):
    lines = [f"| {heads[0]} | {heads[1]} |", "|---|---|"]
    lines += [f"| {name} | {count} |" for name, count in sorted(counts.items())]
    return "\n".join(lines) + "\n"
