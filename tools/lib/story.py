"""The story that the demonstration plays and a test holds to the cent.

After the case of 70 factory workers who were paid RM450 a month instead of RM750 for two years
(GEFONT and MTUC), told here for Cambodia and Malaysia; then what goes wrong: a decline, and a node
that is down.
"""

import json
import os
from datetime import datetime, timedelta, timezone

from local_nodes import ROOT, Person, read_json
from redress_cli import Refused

DATA = os.path.join(ROOT, "tests", "data")
FACTORY = os.path.join(DATA, "complaints", "01-kh-my-factory-70-underpaid.json")

MEMBERS = 70
EACH = 720000  # RM7,200.00 in sen: 24 months at RM300 a month too little.
PAID_TO = 40
RECEIVED_BY = 30


def people(nodes):
    """Everyone the story needs at kh and my, and an administrator at every node."""
    staff = [Person(f"{node}-admin", node, "admin", f"{node}:administration", ["admin"])
             for node in nodes]
    staff += [
        Person("kh-desk", "kh", "chan.sophea", "kh:battambang-mrc", ["desk"]),
        Person("kh-ministry", "kh", "sok.dara", "kh:mlvt", ["ministry"], ["refer", "approve"]),
        Person("kh-ministry-second", "kh", "keo.vanna", "kh:mlvt", ["ministry"], ["approve"]),
        Person("kh-attache-my", "kh", "attache.kl", "kh:embassy-kl", ["attache"], posting="MY"),
        Person("kh-kiosk", "kh", "kiosk", "kh:battambang-mrc", ["kiosk"]),
    ]
    if "my" in nodes:
        staff += [
            Person("my-mtuc", "my", "lim.siew", "my:mtuc", ["contact"]),
            Person("my-tenaganita", "my", "devi.raj", "my:tenaganita", ["contact"]),
            Person("my-labour-office", "my", "officer.1", "my:jtksm", ["labour_office"]),
        ]
    return staff


def days_ago(days, time=""):
    """A day of the story, always the same time ago: the services refuse what lies ahead."""
    day = (datetime.now(timezone.utc) - timedelta(days=days)).strftime("%Y-%m-%d")
    return f"{day} {time}" if time else day


def ringgit(sen):
    return f"{sen // 100}.{sen % 100:02d}"


def story_filing(name):
    """A small complaint of tests/data/story."""
    return read_json(os.path.join(DATA, "story", name + ".json"))


class Story:
    """Plays against running nodes kh and my. `chapter` is called with each heading."""

    def __init__(self, nodes, cli, chapter=lambda title: None):
        self.nodes, self.cli, self.chapter = nodes, cli, chapter

    def play(self):
        self.file_and_screen()
        self.refer_and_accept()
        self.work()
        self.settle()
        self.pay()
        self.others_look()
        self.declined_and_referred_again()
        self.peer_down_and_back()

    # --- the case of the 70 ---

    def file_and_screen(self):
        self.chapter("A desk in Battambang files for 70 factory workers")
        filed = self.cli.call("kh-desk", "complaint", "file", FACTORY)
        self.case = filed["caseNumber"]
        self.receipts = filed["receipts"]
        expect("receipts", len(self.receipts), MEMBERS)
        self.members = [receipt["memberId"] for receipt in self.receipts]
        self.hidden = [number for number, member in enumerate(read_json(FACTORY)["members"])
                       if refuses_embassy(member)]
        self.expect_balance(claimed=MEMBERS * EACH)

        self.chapter("The ministry screens it and asks who can take it")
        self.cli.call("kh-ministry", "complaint", "screen", self.case, "--category",
                      "WAGE_UNDERPAYMENT", "--also", "DOCUMENT_RETENTION", "--urgency", "URGENT")
        suggested = self.cli.call("kh-ministry", "referral", "suggest", self.case)
        able = [s["bodyId"] for s in suggested["suggestions"] if s.get("canRefer")]
        expect("the first body that can take it", able[:1], ["my:mtuc"])

    def refer_and_accept(self):
        self.chapter("It is referred to MTUC, whose contact acknowledges and accepts")
        sent = self.cli.call("kh-ministry", "referral", "refer", self.case, "--to", "my:mtuc",
                             "--agreement", self.agreement())
        self.referral = sent["change"]["referralId"]
        self.cli.referral_state("my-mtuc", self.referral, "DELIVERED")
        self.cli.call("my-mtuc", "referral", "acknowledge", self.referral)
        self.focal_point = self.cli.call("my-mtuc", "directory", "body", "show", "my:mtuc",
                                         quiet=True)["body"]["focalPoints"][0]["focalPointId"]
        self.cli.call("my-mtuc", "referral", "accept", self.referral, "--focal-point",
                      self.focal_point, "--reference", "MTUC-31")
        self.cli.referral_state("kh-ministry", self.referral, "ACCEPTED")

    def agreement(self):
        listed = self.cli.call("kh-ministry", "directory", "agreement", "list", "--in-force",
                               "--party", "my:mtuc", quiet=True)
        return listed["agreements"][0]["agreementId"]

    def work(self):
        self.chapter("MTUC asks a question; the ministry answers")
        asked = self.cli.call("my-mtuc", "referral", "ask", self.referral, "--question",
                              "Are there payslips for the first year?", "--about", "MONEY")
        self.cli.referral_state("kh-ministry", self.referral, "INFO_REQUESTED")
        self.cli.call("kh-ministry", "referral", "answer", self.referral, "--question",
                      asked["questionNumber"], "--text", "For nine of the twelve months.")
        self.cli.referral_state("my-mtuc", self.referral, "ACCEPTED")

        self.chapter("Two negotiations and a hearing")
        for at, summary in ((days_ago(49, "09:30"), "Employer denies the promise"),
                            (days_ago(35, "09:30"), "Employer offers half")):
            self.cli.call("my-mtuc", "referral", "step", self.referral, "--kind", "NEGOTIATION",
                          "--at", at, "--summary", summary)
        notices = {"notices": [{"party": "RESPONDENT", "notifiedAt": days_ago(34) + "T02:00:00Z",
                                "channel": "LETTER", "attended": True}]}
        self.cli.call("my-mtuc", "referral", "step", self.referral, "--kind", "HEARING", "--at",
                      days_ago(21, "10:00"), "--place", "Labour Department, Seremban", "--summary",
                      "Contract of 750 accepted as proof", "--details", json.dumps(notices))
        self.cli.referral_state("kh-ministry", self.referral, "IN_PROGRESS")

    def settle(self):
        self.chapter("MTUC proposes RM504,000; the workers accept")
        proposed = self.cli.call("my-mtuc", "referral", "propose", self.referral, "--remedy",
                                 "WAGES_PAID", "--each", ringgit(EACH), "--currency", "MYR", "--payer",
                                 "EMPLOYER")
        self.cli.referral_state("kh-ministry", self.referral, "SOLUTION_PROPOSED")
        self.cli.call("kh-desk", "referral", "answer-proposal", self.referral, "--proposal",
                      proposed["proposalNumber"], "--all-accept", "--instructed", "IN_PERSON",
                      "--instructed-on", days_ago(13))
        self.cli.referral_state("my-mtuc", self.referral, "RESOLVED")
        self.expect_balance(claimed=MEMBERS * EACH, owed=MEMBERS * EACH, balance=MEMBERS * EACH)

    def pay(self):
        self.chapter(f"{PAID_TO} of the 70 are paid, {RECEIVED_BY} confirm that they have it")
        self.record("my-mtuc", self.referral, "PAID", self.members[:PAID_TO], days_ago(7))
        self.record("kh-desk", self.case, "RECEIVED", self.members[:RECEIVED_BY], days_ago(5),
                    "--instructed", "IN_PERSON", "--instructed-on", days_ago(5))
        self.expect_balance(claimed=MEMBERS * EACH, owed=MEMBERS * EACH, paid=PAID_TO * EACH,
                            received=RECEIVED_BY * EACH,
                            balance=(MEMBERS - RECEIVED_BY) * EACH)
        self.chapter("So the case cannot be closed: money is still owed")
        refuse(self.cli, "AWARD_UNPAID", "kh-ministry", "complaint", "close", self.case, "--remedy",
               "WAGES_PAID")

    def record(self, profile, where, kind, members, on, *more):
        options = [option for member in members for option in ("--member", member)]
        self.cli.call(profile, "money", "record", where, "--kind", kind, "--amount", ringgit(EACH),
                      "--currency", "MYR", "--on", on, *options, *more)

    def others_look(self):
        self.chapter(f"The labour attaché in Kuala Lumpur sees where it stands for the "
                     f"{MEMBERS - len(self.hidden)} workers who agreed to that")
        received = RECEIVED_BY - sum(1 for number in self.hidden if number < RECEIVED_BY)
        seen = self.cli.wait(lambda a: self.received_in(a) == received * EACH, "kh-attache-my",
                             "status", "show", self.case)
        expect("what the attaché sees owed", self.balance_in(seen),
               (MEMBERS - len(self.hidden) - received) * EACH)

        self.chapter("A worker tracks it with the code on her receipt")
        tracked = self.cli.wait(lambda a: a.get("money"), "kh-kiosk", "status", "track",
                                self.receipts[-1]["trackingCode"])
        expect("the case of her code", tracked["caseNumber"], self.case)

    # --- what goes wrong ---

    def declined_and_referred_again(self):
        self.chapter("A second case: MTUC has no capacity and declines; it goes to another body")
        case = self.file_and_open(story_filing("domestic_worker"))
        sent = self.cli.call("kh-ministry", "referral", "refer", case, "--to", "my:mtuc",
                             "--ad-hoc")
        first = sent["change"]["referralId"]
        self.cli.referral_state("my-mtuc", first, "DELIVERED")
        self.cli.call("my-mtuc", "referral", "decline", first, "--reason", "NO_CAPACITY", "--note",
                      "Until January", "--suggest", "my:tenaganita")
        self.cli.referral_state("kh-ministry", first, "DECLINED")
        again = self.cli.call("kh-ministry", "referral", "refer", case, "--to", "my:tenaganita",
                              "--ad-hoc", "--after", first)
        second = again["change"]["referralId"]
        self.cli.referral_state("my-tenaganita", second, "DELIVERED")
        focal_point = self.cli.call("my-tenaganita", "directory", "body", "show", "my:tenaganita",
                                    quiet=True)["body"]["focalPoints"][0]["focalPointId"]
        self.cli.call("my-tenaganita", "referral", "accept", second, "--focal-point", focal_point)
        self.cli.referral_state("kh-ministry", second, "ACCEPTED")

    def peer_down_and_back(self):
        self.chapter("A third case while Malaysia's node is down: it waits, and nothing is lost")
        self.nodes.service("my", "referral").stop()
        case = self.file_and_open(story_filing("fishing_crew"))
        sent = self.cli.call("kh-ministry", "referral", "refer", case, "--to", "my:mtuc",
                             "--ad-hoc")
        referral = sent["change"]["referralId"]
        waiting = self.cli.call("kh-ministry", "referral", "show", referral)
        expect("its state meanwhile", waiting["referral"]["state"], "REFERRAL_STATE_SENT")
        self.chapter("Malaysia's node comes back")
        self.nodes.service("my", "referral").start()
        self.cli.referral_state("my-mtuc", referral, "DELIVERED")
        self.cli.referral_state("kh-ministry", referral, "DELIVERED")

    def file_and_open(self, filing):
        filed = self.cli.call("kh-desk", "complaint", "file", "-", text=json.dumps(filing))
        self.cli.call("kh-ministry", "complaint", "screen", filed["caseNumber"], "--category",
                      filing["complaint"]["primaryCategory"]["code"], "--urgency",
                      filed["urgencySuggestion"]["urgency"])
        return filed["caseNumber"]

    # --- balances ---

    def expect_balance(self, **sums):
        """Waits until the ledger says these sums (in sen), since money recorded abroad travels."""
        wanted = {name: ringgit(sen) for name, sen in sums.items()}

        def good(answer):
            total = (answer.get("totals") or [{}])[0]
            return all(total.get(name, {}).get("amount") == text for name, text in wanted.items())

        self.cli.wait(good, "kh-ministry", "money", "show", self.case)

    @staticmethod
    def received_in(answer):
        return Story.sen((answer["status"].get("money") or [{}])[0].get("received"))

    @staticmethod
    def balance_in(answer):
        return Story.sen(answer["status"]["money"][0].get("balance"))

    @staticmethod
    def sen(money):
        return int(money["amount"].replace(".", "")) if money else 0


def refuses_embassy(member):
    return any(consent["purpose"] == "EMBASSY" and consent["status"] == "REFUSED"
               for consent in member.get("consents", []))


def expect(what, seen, wanted):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r} instead of {wanted!r}")


def refuse(cli, reason, *call):
    """Expects the call to be refused for `reason`."""
    try:
        cli.call(*call)
    except Refused as refused:
        if reason in refused.error:
            return
        raise
    raise AssertionError(f"{' '.join(call[1:])}: was not refused with {reason}")
