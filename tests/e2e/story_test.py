"""The story of the demonstration, on the binaries under test: its numbers are right to the cent."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import BIN, ROOT, main  # noqa: E402


class StoryTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="redress-story-")
        self.addCleanup(shutil.rmtree, self.directory, True)

    def demo(self, *options):
        return subprocess.run(
            [sys.executable, os.path.join(ROOT, "tools/lib/demo.py"), "--bin-dir", BIN,
             "--data-dir", self.directory, *options],
            capture_output=True, text=True, check=False, timeout=240)

    def test_the_story_is_told_with_every_number_right(self):
        told = self.demo("--once")
        self.assertEqual(told.returncode, 0, told.stdout[-4000:] + told.stderr)
        self.assertIn("288000.00", told.stdout)
        self.assertIn("504000.00", told.stdout)

    def test_a_second_start_finds_its_data_and_stop_stops_it(self):
        first = self.demo()
        self.addCleanup(self.demo, "--stop")
        self.assertEqual(first.returncode, 0, first.stdout[-4000:] + first.stderr)
        self.assertEqual(self.demo("--stop").returncode, 0)
        second = self.demo()
        self.assertEqual(second.returncode, 0, second.stdout[-4000:] + second.stderr)
        self.assertIn("was played before", second.stdout)
        self.assertEqual(self.demo("--stop").returncode, 0)


if __name__ == "__main__":
    main()
