"""Eight clients that file, work on cases at both nodes, and rest when they are told to."""

import random
import threading
import traceback

from abroad import Abroad
from api import Api, name_of
from cases import CORRIDORS
from deeds import PAUSE_SECONDS, Doer
from home import Home

OPEN_CASES = 4        # That a client works on at the same time.
DEEDS_OF_A_CASE = 20  # After so many it is left as it is.

# What may be done to a case beside the referral, and how likely.
ASIDE = (("amend", 4), ("add_file", 4), ("record_money", 4), ("amend_stale", 1),
         ("record_money_of_nobody", 1), ("add_file_that_changed", 1))
# And as long as it is not referred: what was disclosed would no longer be what the case has.
BEFORE_REFERRAL = (*ASIDE, ("add_member", 3), ("revoke_consent", 1), ("withdraw", 1))
# What may be done to a case that is over.
BACK = {
    "INADMISSIBLE": (("contest", 2), ("reopen", 1), ("leave", 1)),
    "CLOSED_UNRESOLVED": (("reopen", 1), ("leave", 1)),
    "WITHDRAWN": (("undo_withdrawal", 1), ("reopen", 1), ("leave", 1)),
}
# Of the filings, how many are preceded by one that has to be refused.
REFUSED_FILINGS = 0.1
# What a contact does in each state; None: nothing now.
CONTACT = {
    "DELIVERED": (("acknowledge", 3), ("accept", 5), ("decline", 0.5), ("accept_stale", 1)),
    "ACKNOWLEDGED": (("accept", 5), ("ask", 1), ("accept_stale", 1)),
    "ACCEPTED": (("start", 3), ("step", 3), ("add_file", 1), ("ask", 1), ("propose", 1)),
    "IN_PROGRESS": (("step", 2), ("add_file", 2), ("record_money", 3), ("ask", 1), ("hold", 1),
                    ("propose", 3), ("conclude", 1)),
    "ON_HOLD": (("resume", 3), ("record_money", 1)),
    "RESOLVED": (("add_file", 1), ("record_money", 3)),
}
# What home answers to the state that it sees.
ANSWERS = {"INFO_REQUESTED": "answer_question", "SOLUTION_PROPOSED": "answer_proposal"}
ENDED = ("DECLINED", "RESOLVED", "UNRESOLVED", "RECALLED", "TRANSFERRED")


class Client(threading.Thread):
    """One client. `cases` is what it was told; only it writes there."""

    def __init__(self, number, seed, world):
        super().__init__(name=f"client {number}", daemon=True)
        self.number, self.world = number, world
        self.dice = random.Random(f"{seed} client {number}")
        self.api = Api(world.nodes, world.messages, world.tokens)
        self.doer = Doer(self.api, world.journal, self.dice,
                         ended=lambda: world.turnstile.mode == "end")
        self.home = Home(self.doer, world.messages, world.filing)
        self.abroad = Abroad(self.doer, world.messages)
        self.cases, self.pending_filings, self.filed = [], [], 0
        self.working = []

    def run(self):
        try:
            while self.world.turnstile.may_go_on():
                self.act()
        except Exception:  # It has to be told: the run would wait for this client.
            self.world.journal.problem(f"{self.name} broke off:\n{traceback.format_exc()}")
            self.world.turnstile.leave()

    def act(self):
        self.working = [case for case in self.working
                        if not case.ended and case.deeds < DEEDS_OF_A_CASE]
        if len(self.working) < OPEN_CASES and self.world.quota.take():
            self.file()
        elif self.working:
            self.work_on(self.dice.choice(self.working))
        else:
            self.look_at_what_is_there()

    def file(self):
        corridor = self.dice.choice(CORRIDORS)
        self.filed += 1
        if self.dice.random() < REFUSED_FILINGS:
            self.home.file_about_nowhere(corridor, f"T{self.number}-{self.filed}-nowhere")
        case = self.home.file(corridor, f"T{self.number}-{self.filed}")
        if case is None:
            self.world.journal.problem("a filing was refused")
        elif case.number:
            self.cases.append(case)
            self.working.append(case)
        else:
            self.pending_filings.append(case)

    def work_on(self, case):
        if case.state in BACK:
            # Its referral is recalled with it and has to be made anew, which nobody does here.
            verb = self.choose(BACK[case.state]) if case.referral is None else "leave"
            getattr(self.home, verb)(case)
        elif not case.consented and case.referral is None:
            # Nobody is added meanwhile, whose consent would be another's than all the others'.
            verb = self.choose((("grant_consent", 3), ("amend", 1), ("add_file", 1),
                                ("refer" if case.state == "OPEN" else "screen", 2)))
            getattr(self.home, verb)(case)
        elif case.state == "FILED":
            verb = self.choose((*BEFORE_REFERRAL, ("screen", 20), ("find_inadmissible", 2)))
            getattr(self.home, verb)(case)
        elif case.referral is None:
            verb = self.choose((*BEFORE_REFERRAL, ("refer", 20), ("close", 2)))
            getattr(self.home, verb)(case)
        elif self.dice.random() < 0.2:
            verb = self.choose((*ASIDE, ("withdraw", 0.5), ("revoke_consent", 0.5)))
            getattr(self.home, verb)(case)
        else:
            self.work_abroad(case)

    def work_abroad(self, case):
        seen = self.abroad.see(case, case.corridor.contact)
        state = name_of(seen, "state") if seen is not None else "SENT"
        if state == "SOLUTION_PROPOSED" and self.dice.random() < 0.15:
            return self.take_back_proposal(case, seen)
        if state in ANSWERS or self.dice.random() < 0.06:
            return self.work_at_home(case, seen)
        if state in CONTACT:
            getattr(self.abroad, self.choose(CONTACT[state]))(case, seen)
        elif state in ENDED:
            case.deeds += 1
        else:
            self.world.turnstile.pause(PAUSE_SECONDS)  # It is on its way.

    def take_back_proposal(self, case, seen):
        """Unless home has answered it: which of the two counts would depend on when they meet."""
        home = self.abroad.see(case, case.corridor.ministry)
        if home is not None and home.etag == seen.etag:
            self.abroad.withdraw_proposal(case, seen)
        else:
            self.world.turnstile.pause(PAUSE_SECONDS)

    def work_at_home(self, case, abroad):
        """`abroad`: what the contact sees, None for nothing yet."""
        seen = self.abroad.see(case, case.corridor.ministry)
        if seen is None:
            self.world.journal.problem(f"{case.referral.referral_id} cannot be read at home")
            case.deeds = DEEDS_OF_A_CASE
            return
        state = name_of(seen, "state")
        in_step = abroad is not None and seen.etag == abroad.etag
        # What was asked may have been taken back meanwhile, and something else asked.
        if state in ANSWERS and in_step:
            getattr(self.abroad, ANSWERS[state])(case, seen)
        elif in_step and self.may_be_updated(case, state):
            self.abroad.disclose_late_files(case, seen)
        elif state not in ENDED and state != "RECALL_REQUESTED" and self.dice.random() < 0.1:
            self.abroad.recall(case, seen)
        else:
            self.world.turnstile.pause(PAUSE_SECONDS)

    @staticmethod
    def may_be_updated(case, state):
        """While both sides have it open and nothing is on its way that ends it."""
        referral = case.referral
        return (state in CONTACT and state not in ENDED and
                not referral.has_to_be_recalled and bool(referral.late(case.files)))

    def look_at_what_is_there(self):
        """Without an allowance for new cases: what was acknowledged is there at any moment."""
        if self.cases:
            case = self.dice.choice(self.cases)
            if self.home.see(case) is None:
                self.world.journal.problem(f"{case.number} was acknowledged and is not there")
        self.world.turnstile.pause(PAUSE_SECONDS)

    def choose(self, weighted):
        return self.dice.choices([one for one, _ in weighted],
                                 [weight for _, weight in weighted])[0]


class Turnstile:
    """Lets clients go on, rest or end."""

    def __init__(self, clients):
        self.changed = threading.Condition()
        self.clients, self.resting, self.mode = clients, 0, "go"

    def may_go_on(self):
        """Called by a client between two deeds."""
        with self.changed:
            if self.mode == "rest":
                self.resting += 1
                self.changed.notify_all()
                self.changed.wait_for(lambda: self.mode != "rest")
                self.resting -= 1
                self.changed.notify_all()
            return self.mode == "go"

    def pause(self, seconds):
        """Nothing to do for the moment."""
        with self.changed:
            self.changed.wait_for(lambda: self.mode != "go", timeout=seconds)

    def leave(self):
        with self.changed:
            self.clients -= 1
            self.changed.notify_all()

    def rest(self, seconds):
        """Waits until every client has ended its deed; False when one did not within `seconds`."""
        with self.changed:
            self.mode = "rest"
            self.changed.notify_all()
            return self.changed.wait_for(lambda: self.resting >= self.clients, timeout=seconds)

    def set(self, mode):
        with self.changed:
            self.mode = mode
            self.changed.notify_all()


class Quota:
    """How many more cases may be filed, so that what has to be compared stays within reach."""

    def __init__(self):
        self.lock, self.left = threading.Lock(), 0

    def add(self, cases):
        with self.lock:
            self.left += cases

    def take(self):
        with self.lock:
            if self.left <= 0:
                return False
            self.left -= 1
            return True
