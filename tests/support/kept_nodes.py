"""Small nodes that were stopped and put away, so that every later release is held to opening them.

    python3 tests/support/kept_nodes.py NAME

plays a short story on nodes kh and my with the binaries of build/dev (or REDRESS_BIN_DIR), asks a few
questions, stops the nodes and makes

    tests/data/kept_nodes/NAME.tar.xz

with their stores, sentinels, evidence files and keys, and told.json: when that was, and what was
answered. It never replaces one that is there. The keys are made for it and used for nothing else, and the
people are those of tests/data/story, who are invented.
"""

import json
import os
import shutil
import sys
import tarfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scenario import DATA, NodesTest, story_filing  # noqa: E402
from local_nodes import SERVICES, read_json, write_json  # noqa: E402

KEPT = os.path.join(DATA, "kept_nodes")
PAYSLIP = b"A payslip of nobody: promised 1500.00, paid 0.00.\n" * 40

# What of a node is kept: the rest is made anew by whoever opens it (ports, certificates, profiles).
NODE_PARTS = tuple(os.path.join(service, part) for service in SERVICES
                   for part in ("store", "store.sentinel", "files"))
NOT_NEEDED = ("LOCK", "LOG", "issuers.json", "peers.json")
# Parts of answers that are another each time.
FLEETING = ("nextPageToken", "watchToken", "asOf", "generatedAt")


def names():
    return sorted(name.removesuffix(".tar.xz") for name in os.listdir(KEPT))


def archive_of(name):
    return os.path.join(KEPT, name + ".tar.xz")


def unpack(name, directory):
    """Puts the kept nodes where LocalNodes finds them, and returns what they told."""
    with tarfile.open(archive_of(name)) as archive:
        archive.extractall(directory, filter="data")
    return read_json(os.path.join(directory, "told.json"))


def lasting(answer):
    """The answer without what is another each time."""
    if isinstance(answer, dict):
        return {key: lasting(value) for key, value in answer.items() if key not in FLEETING}
    return [lasting(value) for value in answer] if isinstance(answer, list) else answer


def differences(then, now, where=""):
    """What was told `then` and is not told `now`; what is told besides is no difference."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [found for key, value in then.items()
                for found in differences(value, now.get(key), f"{where}.{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [found for number, pair in enumerate(zip(then, now))
                for found in differences(*pair, f"{where}[{number}]")]
    return [] if then == now else [f"{where}: {now!r} instead of {then!r}"]


class Keeper(NodesTest):
    """Plays the story; its parts are read back by tests/e2e/kept_nodes_test.py."""

    def keep(self, name):
        self.play()
        # A second opening, so that each store has tables as well as a log.
        self.nodes.stop()
        self.nodes.start()
        self.play_on()
        answers = [[call, lasting(self.cli.call(*call))] for call in self.questions()]
        self.nodes.stop()
        write_json(os.path.join(self.directory, "told.json"), {
            "made_at": int(time.time()), "case": self.case, "referral": self.referral,
            "waiting": self.waiting, "evidence": self.evidence, "payslip": PAYSLIP.decode(),
            "answers": answers})
        unfinished = os.path.join(self.directory, "kept.tar.xz")
        with tarfile.open(unfinished, "w:xz") as archive:
            for shared in ("told.json", "keys"):
                archive.add(os.path.join(self.directory, shared), shared, filter=self.needed)
            for node in self.NODES:
                for part in ("keys", *NODE_PARTS):
                    path = os.path.join(self.directory, node, part)
                    if os.path.exists(path):
                        archive.add(path, os.path.join(node, part), filter=self.needed)
        shutil.copyfile(unfinished, archive_of(name))

    @staticmethod
    def needed(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        name = os.path.basename(entry.name)
        return None if name in NOT_NEEDED or name.startswith("LOG.old") else entry

    def play(self):
        filed = self.cli.call("kh-desk", "complaint", "file", "-",
                              text=json.dumps(story_filing("domestic_worker")))
        self.case, receipt = filed["caseNumber"], filed["receipts"][0]
        self.member, self.code = receipt["memberId"], receipt["trackingCode"]
        payslip = os.path.join(self.directory, "payslip")
        with open(payslip, "wb") as file:
            file.write(PAYSLIP)
        self.evidence = self.cli.call("kh-desk", "evidence", "add", self.case, payslip, "--kind",
                                      "PAYSLIP")["evidenceId"]
        self.cli.call("kh-ministry", "complaint", "screen", self.case, "--category",
                      "WAGE_NONPAYMENT", "--urgency", "NORMAL")
        self.referral = self.refer(self.case)
        self.delivered(self.referral)
        self.cli.call("my-mtuc", "referral", "accept", self.referral, "--focal-point",
                      self.focal_point())
        self.cli.referral_state("kh-ministry", self.referral, "ACCEPTED")

    def play_on(self):
        proposed = self.cli.call("my-mtuc", "referral", "propose", self.referral, "--remedy",
                                 "WAGES_PAID", "--each", "7500.00", "--currency", "MYR", "--payer",
                                 "EMPLOYER")
        self.cli.referral_state("kh-ministry", self.referral, "SOLUTION_PROPOSED")
        today = time.strftime("%Y-%m-%d", time.gmtime())
        instructed = ("--instructed", "IN_PERSON", "--instructed-on", today)
        self.cli.call("kh-desk", "referral", "answer-proposal", self.referral, "--proposal",
                      proposed["proposalNumber"], "--all-accept", *instructed)
        self.cli.referral_state("my-mtuc", self.referral, "RESOLVED")
        self.cli.call("kh-desk", "money", "record", self.case, "--kind", "RECEIVED", "--amount",
                      "3000.00", "--currency", "MYR", "--on", today, "--member", self.member,
                      *instructed)
        self.cli.wait(self.is_whole, "my-mtuc", "evidence", "list", self.referral)
        # One on which the next verb is the destination's.
        second = self.open_case(story_filing("fishing_crew"))
        self.waiting = self.refer(second)
        self.delivered(self.waiting)
        self.cli.referral_state("kh-ministry", self.waiting, "DELIVERED")
        self.await_status()

    @staticmethod
    def is_whole(answer):
        return [entry["state"] for entry in answer.get("files", [])] == ["FILE_STATE_WHOLE"]

    def await_status(self):
        """Until both nodes' status has told the last of it."""
        self.cli.wait(lambda a: "3000.00" in json.dumps(a), "kh-ministry", "status", "show",
                      self.case)
        for profile, state in (("kh-ministry", "DELIVERED"), ("my-mtuc", "DELIVERED")):
            self.cli.wait(lambda a, wanted=state: wanted in json.dumps(a), profile, "status",
                          "show", self.waiting.split("/")[0])

    def questions(self):
        return [
            ["kh-desk", "complaint", "show", self.case],
            ["kh-ministry", "complaint", "list"],
            ["kh-ministry", "money", "show", self.case],
            ["kh-ministry", "evidence", "list", self.case],
            ["kh-ministry", "referral", "show", self.referral],
            ["kh-ministry", "referral", "show", self.waiting],
            ["kh-ministry", "status", "show", self.case],
            ["kh-ministry", "status", "timeline", self.case],
            ["kh-kiosk", "status", "track", self.code],
            ["kh-admin", "directory", "body", "show", "my:mtuc"],
            ["my-mtuc", "referral", "show", self.referral],
            ["my-mtuc", "referral", "list"],
            ["my-mtuc", "evidence", "list", self.referral],
            ["my-mtuc", "status", "timeline", self.case],
        ]


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    name = sys.argv[1]
    if os.path.exists(archive_of(name)):
        print(f"{archive_of(name)} is there already; give another name", file=sys.stderr)
        return 1
    Keeper.setUpClass()
    try:
        Keeper("keep").keep(name)
    finally:
        Keeper.tearDownClass()
    return 0


if __name__ == "__main__":
    sys.exit(main())
