"""Calls the `redress` command as a person would, and reads its JSON answers."""

import json
import os
import subprocess
import tempfile
import time

# How long something may take to travel from one node to the other and be shown there.
TRAVEL_SECONDS = 60


class Refused(Exception):
    """The command exited with another status than 0."""

    def __init__(self, command, status, error):
        super().__init__(f"redress {command}: exit {status}: {error}")
        self.status, self.error = status, error


class RedressCli:
    """`redress` with the profiles of one data directory.

    tell   called with each command's words, what it printed for people, and its error; None:
           nothing is shown
    patience  how long a call may take, in seconds
    """

    def __init__(self, nodes, tell=None):
        self.binary = os.path.join(nodes.bin_dir, "redress")
        self.profiles = nodes.profiles_dir()
        self.tell, self.patience = tell, 30

    def call(self, profile, *arguments, text=None, quiet=False):
        """Runs one command and returns its JSON; raises Refused."""
        words, answer, shown, error = self._run(profile, arguments, text)
        if self.tell is not None and not quiet:
            self.tell(words, shown, error.error if error else "")
        if error:
            raise error
        return answer

    def _run(self, profile, arguments, text=None):
        words = ["--profile", profile, *[str(argument) for argument in arguments]]
        with tempfile.NamedTemporaryFile(prefix="redress-answer-") as file:
            # What people would see is only made for them; the answer itself is the same.
            output = ["--output", "json"] if self.tell is None else ["--json-file", file.name]
            run = subprocess.run([self.binary, *output, "--timeout", str(self.patience), *words], input=text,
                                 capture_output=True, text=True, check=False,
                                 env={**os.environ, "REDRESS_PROFILES": self.profiles})
            answer = self._answer(run.stdout if self.tell is None else file.read().decode("utf-8"))
        error = None
        if run.returncode != 0:
            error = Refused(" ".join(words), run.returncode, run.stderr.strip())
        return words, answer, run.stdout, error

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
            words, answer, shown, error = self._run(profile, arguments)
            last = error.error if error else answer
            try:
                done = error is None and good(answer)
            except Refused as refused:  # `good` may ask another node, which is not there yet.
                last, done = refused.error, False
            if done:
                if self.tell is not None:
                    self.tell(words, shown, "")
                return answer
            time.sleep(0.05)
        raise AssertionError(f"redress {' '.join(map(str, arguments))}: not as awaited within "
                             f"{seconds} s; last answer: {json.dumps(last)[:2000]}")

    def referral_state(self, profile, referral, *states, seconds=TRAVEL_SECONDS):
        """Waits until a referral is in one of `states` as `profile` sees it."""
        wanted = {"REFERRAL_STATE_" + state for state in states}
        return self.wait(lambda answer: answer["referral"].get("state") in wanted, profile,
                         "referral", "show", referral, seconds=seconds)["referral"]
