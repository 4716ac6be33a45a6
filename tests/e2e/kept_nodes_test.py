"""Nodes that an earlier release left are opened by this one, tell what they told, and go on.

And the other way round: what a newer release has written, this one leaves alone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import kept_nodes  # noqa: E402
from scenario import BIN, ROOT, NodesTest, main, story_filing  # noqa: E402
from local_nodes import NodeError, SERVICES  # noqa: E402

# The services' clock stands this long after the nodes were put away, whenever the test runs.
SECONDS_LATER = 3600
NEWER_SCHEMA = 1000


class KeptNodesTest(NodesTest):
    """The tests of one kept pair of nodes; each subclass has its own."""

    NAME = ""

    @classmethod
    def load(cls):
        """The directory is in the stores."""

    @classmethod
    def before_first_start(cls):
        cls.told = kept_nodes.unpack(cls.NAME, cls.directory)
        with open(cls.clock_file, "w", encoding="utf-8") as file:
            file.write(str(cls.told["made_at"] + SECONDS_LATER - int(time.time())))

    def test_1_all_that_was_told_is_told(self):
        for call, answer in self.told["answers"]:
            with self.subTest(call=" ".join(call)):
                self.assertEqual(kept_nodes.differences(answer, self.cli.call(*call)), [])

    def test_2_the_file_is_read_at_home_and_abroad(self):
        for profile, where in (("kh-desk", self.told["case"]), ("my-mtuc", self.told["referral"])):
            fetched = os.path.join(self.directory, profile)
            self.cli.call(profile, "evidence", "get", where, self.told["evidence"], fetched)
            with open(fetched, encoding="ascii") as file:
                self.assertEqual(file.read(), self.told["payslip"])

    def test_3_the_next_verbs_work_and_travel(self):
        self.cli.call("my-mtuc", "referral", "accept", self.told["waiting"], "--focal-point",
                      self.focal_point())
        self.cli.referral_state("kh-ministry", self.told["waiting"], "ACCEPTED")
        case = self.open_case(story_filing("domestic_worker"))
        known = json.dumps(self.told["answers"])
        self.assertNotIn(case, known)
        referral = self.refer(case)
        self.delivered(referral)
        self.cli.wait(lambda answer: answer["status"], "kh-ministry",
                      "status", "show", case)

    def test_4_what_a_newer_release_has_written_is_left_alone(self):
        self.nodes.stop()
        for node in self.NODES:
            for name in SERVICES:
                with self.subTest(service=f"{node} {name}"):
                    self.refused_after_a_newer_release(self.nodes.service(node, name))

    def refused_after_a_newer_release(self, service):
        store = os.path.join(service.directory, "store")
        shutil.copytree(store, store + ".older")
        shutil.copy(store + ".sentinel", store + ".older.sentinel")
        newer = [os.path.join(BIN, "redress-newer-release"), store, str(NEWER_SCHEMA)]
        subprocess.run(newer, check=True)
        with self.assertRaises(NodeError) as refused:
            service.start()
        self.assertRegex(str(refused.exception), f"ended with 1 .*has schema {NEWER_SCHEMA}.*"
                         "docs/runbook.md, .A newer version has written it")
        subprocess.run(newer, check=True)  # Nothing was changed: the newer one goes on.
        shutil.rmtree(store)
        os.rename(store + ".older", store)
        os.replace(store + ".older.sentinel", store + ".sentinel")
        service.start()


# Where each service says the schema of its store.
SCHEMAS = {"intake": ("intake/storage/kv_case_store.h", "kIntakeSchemaVersion"),
           "referral": ("referral/storage/migrations.h", "kSchemaVersion"),
           "status": ("status/storage/kv_read_model.h", "kStatusSchema")}


def schema_of(service):
    header, name = SCHEMAS[service]
    with open(os.path.join(ROOT, "services", header), encoding="utf-8") as file:
        return re.search(rf"constexpr uint32_t {name} = (\d+);", file.read()).group(1)


class TodaysFormatTest(unittest.TestCase):
    def test_nodes_with_the_schemas_of_this_release_are_kept(self):
        today = "_".join(f"{service}_{schema_of(service)}" for service in SCHEMAS)
        self.assertIn(today, kept_nodes.names(), "see tests/data/README.md for how they are made")


# One class for each that is kept, so that a failure says which.
for kept in kept_nodes.names():
    globals()[f"KeptNodes_{kept}_Test"] = type(f"KeptNodes_{kept}_Test", (KeptNodesTest,),
                                               {"NAME": kept})
del KeptNodesTest
assert kept_nodes.names(), "no node is kept in tests/data: there is nothing that has to be opened"

if __name__ == "__main__":
    main()
