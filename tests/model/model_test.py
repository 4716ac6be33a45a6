"""The protocol of the link, checked over every interleaving by spin; see link.pml."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "link.pml")
# Sizes whose state spaces fit: some millions of states, some hundred MB.
LARGE = ["-DMESSAGES=3", "-DTROUBLES=2"]
SMALL = ["-DMESSAGES=3", "-DTROUBLES=1"]
# What the checker is to look for: wrong states, or going round in a circle.
STATES = (["-DSAFETY"], [])
CIRCLES = (["-DNP", "-DNFAIR=3"], ["-l", "-f"])


class Outcome:
    def __init__(self, text):
        self.text = text
        self.errors = int(re.search(r"errors: (\d+)", text).group(1))
        self.states = int(re.search(r"(\d+) states, stored", text).group(1))


class LinkModelTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="redress-model-")
        self.addCleanup(shutil.rmtree, self.directory)
        shutil.copy(MODEL, self.directory)

    def run_tool(self, *command):
        done = subprocess.run(command, cwd=self.directory, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def check(self, size, kind, *variant):
        build, run = kind
        self.run_tool("spin", "-a", *size, *variant, "link.pml")
        # The code that spin writes has warnings of its own.
        self.run_tool("gcc", "-w", "-O2", "-DCOLLAPSE", "-DVECTORSZ=2048", *build, "-o", "pan", "pan.c")
        outcome = Outcome(self.run_tool("./pan", "-m400000", *run))
        self.assertNotIn("max search depth too small", outcome.text)
        return outcome

    def test_no_interleaving_loses_a_message_or_does_it_twice(self):
        outcome = self.check(LARGE, STATES)
        self.assertEqual(outcome.errors, 0, outcome.text)
        self.assertGreater(outcome.states, 1_000_000)

    def test_every_message_ends(self):
        outcome = self.check(SMALL, CIRCLES)
        self.assertEqual(outcome.errors, 0, outcome.text)

    def test_without_deduplication_the_order_is_lost(self):
        outcome = self.check(SMALL, STATES, "-DWITHOUT_DEDUPE")
        self.assertIn("assertion violated (number>last_effect)", outcome.text)

    def test_without_message_ids_a_new_epoch_does_it_twice(self):
        outcome = self.check(SMALL, STATES, "-DWITHOUT_MESSAGE_IDS")
        self.assertIn("assertion violated (effects[message]==1)", outcome.text)

    def test_without_noticing_a_restored_receiver_it_would_try_for_ever(self):
        outcome = self.check(SMALL, CIRCLES, "-DWITHOUT_FORGETFUL_RECEIVERS")
        self.assertIn("non-progress cycle", outcome.text)

    def test_without_noticing_a_restored_sender_it_would_try_for_ever(self):
        outcome = self.check(SMALL, CIRCLES, "-DWITHOUT_RESTORED")
        self.assertIn("non-progress cycle", outcome.text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
