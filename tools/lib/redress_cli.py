"""Calls the `redress` command as a person would, and reads its JSON answers."""

import json
import os
import subprocess
import time

# How long something may take to travel from one node to the other and be shown there.
TRAVEL_SECONDS = 60


class Refused(Exception):
    """The command exited with another status than 0."""

    def __init__(self, command, status, error):
        super().__init__(f"redress {command}: exit {status}: {error}")
        self.status, self.error = status, error


def shown_name(value):
    """An enum's name as people read it: REFERRAL_STATE_ACCEPTED is ACCEPTED."""
    for prefix in ("REFERRAL_STATE_", "CASE_STATE_", "DUE_KIND_", "SIDE_"):
        if value.startswith(prefix):
            return value[len(prefix):]
    return value


class RedressCli:
    """`redress` with the profiles of one data directory.

    tell   called with each command and its answer (see show_to_people); None: nothing is shown
    """

    def __init__(self, nodes, tell=None):
        self.binary = os.path.join(nodes.bin_dir, "redress")
        self.profiles = nodes.profiles_dir()
        self.tell = tell

    def call(self, profile, *arguments, text=None, quiet=False):
        """Runs one command and returns its JSON; raises Refused."""
        words = ["--profile", profile, *[str(argument) for argument in arguments]]
        run = subprocess.run([self.binary, "--output", "json", "--timeout", "30", *words],
                             input=text, capture_output=True, text=True, check=False,
                             env={**os.environ, "REDRESS_PROFILES": self.profiles})
        answer = self._answer(run.stdout)
        if self.tell is not None and not quiet:
            self.tell(words, answer, run.stderr.strip() if run.returncode else "")
        if run.returncode != 0:
            raise Refused(" ".join(words), run.returncode, run.stderr.strip())
        return answer

    @staticmethod
    def _answer(stdout):
        stdout = stdout.strip()
        if not stdout:
            return {}
        try:
            return json.loads(stdout)
        except ValueError:
            # A stream: one document on each line.
            return [json.loads(line) for line in stdout.splitlines()]

    def wait(self, good, profile, *arguments, seconds=TRAVEL_SECONDS):
        """Repeats a read until `good(answer)` holds, then shows and returns that answer."""
        deadline = time.monotonic() + seconds
        last = None
        while time.monotonic() < deadline:
            try:
                last = self.call(profile, *arguments, quiet=True)
                if good(last):
                    if self.tell is not None:
                        self.tell(["--profile", profile, *arguments], last, "")
                    return last
            except Refused as refused:
                last = refused.error
            time.sleep(0.05)
        raise AssertionError(f"redress {' '.join(map(str, arguments))}: not as awaited within "
                             f"{seconds} s; last answer: {json.dumps(last)[:2000]}")

    def referral_state(self, profile, referral, *states, seconds=TRAVEL_SECONDS):
        """Waits until a referral is in one of `states` as `profile` sees it."""
        wanted = {"REFERRAL_STATE_" + state for state in states}
        return self.wait(lambda answer: answer["referral"].get("state") in wanted, profile,
                         "referral", "show", referral, seconds=seconds)["referral"]


def fields(value, depth=0, limit=12):
    """The lines of an answer for people: one field each, indented as they nest, long lists cut."""
    margin = "  " * depth
    for name, entry in value.items():
        if isinstance(entry, dict) and set(entry) == {"currencyCode", "amount"}:
            yield f"{margin}{name}: {entry['currencyCode']} {entry['amount']}"
        elif isinstance(entry, dict):
            yield f"{margin}{name}:"
            yield from fields(entry, depth + 1, limit)
        elif isinstance(entry, list) and entry and isinstance(entry[0], dict):
            for number, part in enumerate(entry[:limit], 1):
                yield f"{margin}{name} {number}:"
                yield from fields(part, depth + 1, limit)
            if len(entry) > limit:
                yield f"{margin}… and {len(entry) - limit} more {name}"
        elif isinstance(entry, list):
            yield f"{margin}{name}: {', '.join(map(str, entry))}"
        else:
            yield f"{margin}{name}: {shown_name(entry) if isinstance(entry, str) else entry}"
