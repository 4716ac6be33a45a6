"""Doing something until it is answered: acknowledged, refused, or given up as pending."""

import threading
import time
from collections import Counter

import grpc

ACKNOWLEDGED, REFUSED, PENDING = "acknowledged", "refused", "pending"

Code = grpc.StatusCode
# Nothing follows from these: the call may or may not have been done.
SILENT = (Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED)
# What no caller should ever be told.
FAULTS = (Code.INTERNAL, Code.UNKNOWN, Code.DATA_LOSS, Code.UNIMPLEMENTED)
# A caller who was not answered for so long would not wait any longer.
PATIENCE_SECONDS = 180
PAUSE_SECONDS = 0.02
# Of the requests whose answer was lost, how many are never repeated.
GIVE_UP = 0.15
# Of the requests that were acknowledged, how many are repeated all the same.
REPEAT = 0.05


class Journal:
    """What was done in a run, in numbers, and what was found wrong. Thread-safe."""

    def __init__(self):
        self.lock = threading.Lock()
        self.outcomes, self.verbs, self.problems = Counter(), Counter(), []
        self.refusals = Counter()
        self.repeats = 0
        self.waits = {}  # (verb, what was said instead of an answer) → the longest, in seconds.

    def count(self, verb, outcome, reason=""):
        with self.lock:
            self.outcomes[outcome] += 1
            self.verbs[verb, outcome] += 1
            if reason:
                self.refusals[verb, reason] += 1

    def problem(self, text):
        with self.lock:
            self.problems.append(text)

    def waited(self, verb, seconds, last):
        with self.lock:
            self.waits[verb, last] = max(seconds, self.waits.get((verb, last), 0.0))

    def acknowledged(self):
        return self.outcomes[ACKNOWLEDGED]


class Done:
    """How a request ended."""

    def __init__(self, outcome, answer=None, reason=""):
        self.outcome, self.answer, self.reason = outcome, answer, reason


class Doer:
    """Sends the requests of one client, until `ended()`. Not thread-safe."""

    def __init__(self, api, journal, dice, ended):
        self.api, self.journal, self.dice, self.ended = api, journal, dice, ended

    def new_request_id(self):
        return f"{self.dice.getrandbits(128):032x}"

    def do(self, person, verb, request, may_give_up=True, refusal=None):
        """Repeats the very same request until it is answered; at times gives up instead.

        refusal   the reason that this request is made to be refused for
        """
        done = self._until_answered(person, verb, request, may_give_up, refusal)
        self.journal.count(verb, done.outcome, done.reason)
        if done.outcome == ACKNOWLEDGED and self.dice.random() < REPEAT:
            self._ask_again(person, verb, request, done.answer)
        return done

    def _until_answered(self, person, verb, request, may_give_up, refusal=None):
        began = time.monotonic()
        while True:
            try:
                return Done(ACKNOWLEDGED, self.api.call(person, verb, request))
            except grpc.RpcError as error:
                code, reason = error.code(), self.api.reason(error)
                if refusal and reason == refusal:
                    return Done(REFUSED, reason=reason)
                if code in FAULTS:
                    self.journal.problem(f"{verb} was answered {code.name} {error.details()}")
                    return Done(PENDING)
                if not self._says_nothing(code, reason):
                    return Done(REFUSED, reason=reason or f"{code.name} {error.details()}")
                if self.ended():
                    return Done(PENDING)
                if code in SILENT and may_give_up and self.dice.random() < GIVE_UP:
                    return Done(PENDING)
                waited = time.monotonic() - began
                self.journal.waited(verb, waited, reason or code.name)
                if waited > PATIENCE_SECONDS:
                    self.journal.problem(f"{verb} was not answered in {PATIENCE_SECONDS} s; "
                                         f"at last {code.name} {error.details()}")
                    return Done(PENDING)
            time.sleep(PAUSE_SECONDS)

    @staticmethod
    def _says_nothing(code, reason):
        return (code in SILENT or code == Code.RESOURCE_EXHAUSTED or
                (code == Code.ABORTED and reason != "ETAG_STALE"))

    def _ask_again(self, person, verb, request, first):
        again = self._until_answered(person, verb, request, may_give_up=False)
        with self.journal.lock:
            self.journal.repeats += 1
        if again.outcome != ACKNOWLEDGED and not self.ended():
            self.journal.problem(f"{verb} was acknowledged and, repeated, {again.outcome}: "
                                 f"{again.reason}")
        elif again.answer is not None and _told(again.answer) != _told(first):
            self.journal.problem(f"{verb} was answered {_told(first)} and, repeated, "
                                 f"{_told(again.answer)}")

    def read(self, person, verb, request):
        """A read is repeated until it is answered, too; None when it is refused."""
        return self._until_answered(person, verb, request, may_give_up=False).answer

    def has_to_be_refused(self, done, why, what):
        """Of a request that was made to be refused for a reason that begins with `why`."""
        if done.outcome == ACKNOWLEDGED:
            self.journal.problem(f"{what}: what had to be refused was acknowledged")
        elif done.outcome == REFUSED and not done.reason.startswith(why):
            self.journal.problem(f"{what}: it was refused for {done.reason} and not for {why}")


def _told(answer):
    """What a repeated request has to be told again, word for word."""
    told = {}
    for name in ("case_number", "commit_number", "evidence_id", "question_number",
                 "proposal_number"):
        if hasattr(answer, name):
            told[name] = getattr(answer, name)
    if hasattr(answer, "entry_ids"):
        told["entry_ids"] = list(answer.entry_ids)
    if hasattr(answer, "change"):
        told["change"] = (answer.change.referral_id, answer.change.etag, answer.change.state,
                          answer.change.commit_number)
    if hasattr(answer, "receipts"):
        told["receipts"] = [(one.member_id, one.tracking_code) for one in answer.receipts]
    return told
