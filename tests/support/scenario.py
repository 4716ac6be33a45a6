"""What every test across processes starts from: real nodes in a folder of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))

from directory_loader import load_directories  # noqa: E402
from local_nodes import LocalNodes, Person, random_request_id, write_json  # noqa: E402
from redress_cli import RedressCli, Refused, TRAVEL_SECONDS  # noqa: E402
from story import DATA, people, story_filing  # noqa: E402

# What home and destination of a referral must agree on.
SHARED_FIELDS = ("state", "etag", "reason", "receiverBodyId", "urgency", "previousReferralId",
                 "childReferralId")
BIN = os.environ.get("REDRESS_BIN_DIR", os.path.join(ROOT, "build", "dev", "bin"))


def check_character(text):
    """The ISO 7064 MOD 37-36 check character that ends a case number."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    product = 36
    for character in text:
        total = (product + alphabet.index(character)) % 36 or 36
        product = total * 2 % 37
    return alphabet[(37 - product) % 36]


def case_that_was_never_filed():
    return "KH-26-9999999-" + check_character("KH269999999")


class NodesTest(unittest.TestCase):
    """Nodes kh and my, with their directories loaded, for all tests of a class.

    NODES        which nodes run
    PEOPLE       who else has a profile
    CLOCK_RULES  other durations for the clocks of referrals, as the services' file holds them
    CHECKED      whether the stores are held against themselves in the end
    """

    NODES = ("kh", "my")
    PEOPLE = ()
    CLOCK_RULES = None
    CHECKED = True

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="redress-e2e-")
        cls.clock_file = os.path.join(cls.directory, "clock")
        rules = ""
        if cls.CLOCK_RULES:
            rules = os.path.join(cls.directory, "clock-rules.json")
            write_json(rules, cls.CLOCK_RULES)
        cls.nodes = LocalNodes(cls.directory, BIN, cls.NODES, [*people(cls.NODES), *cls.PEOPLE],
                               clock_file=cls.clock_file, clock_rules=rules)
        cls.cli = RedressCli(cls.nodes)
        try:
            cls.before_first_start()
            cls.nodes.prepare()
            cls.nodes.start()
            cls.load()
        except Exception:
            cls.CHECKED = False  # What is half begun says nothing.
            cls.tearDownClass()
            raise

    @classmethod
    def before_first_start(cls):
        """For tests that put something into `directory` first."""

    @classmethod
    def load(cls):
        load_directories(cls.nodes)

    @classmethod
    def tearDownClass(cls):
        cls.nodes.kill()
        try:
            if cls.CHECKED:
                for node in cls.NODES:
                    cls.check_stores(node)
        finally:
            cls.clear_up()

    @classmethod
    def clear_up(cls):
        shutil.rmtree(cls.directory, ignore_errors=True)

    @classmethod
    def stores_of(cls, node):
        """The folder with the data of the node's services."""
        return os.path.join(cls.directory, node)

    @classmethod
    def check_stores(cls, node):
        """Whatever the tests of the class did, and although the services were killed just now."""
        keys = os.path.join(cls.directory, node, "keys")
        run = subprocess.run([cls.cli.binary, "node", "check", cls.stores_of(node), "--node-keys",
                              keys, "--scratch", cls.directory],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise AssertionError(f"the stores of {node} contradict themselves:\n"
                                 f"{run.stdout[:6000]}{run.stderr[-1000:]}")

    def move_clock(self, hours):
        """Moves the time of all services on; they notice within a second."""
        offset = 0
        if os.path.exists(self.clock_file):
            with open(self.clock_file, encoding="utf-8") as file:
                offset = int(file.read())
        temporary = self.clock_file + ".new"
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(str(offset + int(hours * 3600)))
        os.replace(temporary, self.clock_file)

    def file_case(self, filing, request_id=None):
        options = ["--request-id", request_id] if request_id else []
        return self.cli.call("kh-desk", *options, "complaint", "file", "-",
                             text=json.dumps(filing))["caseNumber"]

    def open_case(self, filing):
        """Files and screens; returns the case number."""
        case = self.file_case(filing)
        self.cli.call("kh-ministry", "complaint", "screen", case, "--category",
                      filing["complaint"]["primaryCategory"]["code"], "--urgency", "NORMAL")
        return case

    def refer(self, case, body="my:mtuc", *options):
        answer = self.cli.call("kh-ministry", "referral", "refer", case, "--to", body, "--ad-hoc",
                               *options)
        return answer["change"]["referralId"]

    def delivered(self, referral, profile="my-mtuc", seconds=TRAVEL_SECONDS):
        return self.cli.referral_state(profile, referral, "DELIVERED", seconds=seconds)

    def assert_both_show(self, referral, state, profile="my-mtuc"):
        """Waits until home and destination agree on `state`, and returns what home shows."""
        def agrees(home):
            abroad = self.cli.call(profile, "referral", "show", referral)["referral"]
            return (home["referral"]["state"] == "REFERRAL_STATE_" + state and
                    all(home["referral"].get(name) == abroad.get(name) for name in SHARED_FIELDS))

        return self.cli.wait(agrees, "kh-ministry", "referral", "show", referral)["referral"]

    def focal_point(self, profile="my-mtuc", body="my:mtuc"):
        shown = self.cli.call(profile, "directory", "body", "show", body)
        return shown["body"]["focalPoints"][0]["focalPointId"]

    def assert_refused(self, reason, *call, text=None):
        with self.assertRaises(Refused) as caught:
            self.cli.call(*call, text=text)
        self.assertIn(reason, caught.exception.error)
        return caught.exception

    def incoming(self, profile="my-mtuc"):
        """All referrals that the profile sees, however many pages."""
        found, token = [], ""
        while True:
            options = ["--page-token", token] if token else []
            answer = self.cli.call(profile, "referral", "list", "--page-size", "200", *options)
            found += answer.get("referrals", [])
            token = answer.get("nextPageToken", "")
            if not token:
                return found


def main():
    unittest.main(verbosity=2)


__all__ = ["NodesTest", "Person", "Refused", "case_that_was_never_filed", "main",
           "random_request_id", "story_filing", "DATA", "BIN", "ROOT"]
