"""A service that may have few files and connections open says so, and goes on when there are more."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, Refused, main, story_filing  # noqa: E402
from local_nodes import NodeError, SERVICES  # noqa: E402

# services/platform/files/descriptors.h
FEWEST = 256
UNAVAILABLE = 3  # The command's exit status for a service that cannot be reached.


class FewDescriptorsTest(NodesTest):
    NODES = ("kh",)

    def tearDown(self):
        self.nodes.prefixes.clear()

    def start_with(self, name, soft, hard):
        service = self.nodes.service("kh", name)
        service.stop()
        self.nodes.prefixes[name] = ["prlimit", f"--nofile={soft}:{hard}"]
        service.start()
        return service

    def said(self, service, event):
        with open(service.log, encoding="utf-8") as file:
            return [line for line in file if f'"event":"{event}"' in line]

    def test_with_too_few_no_service_starts_and_each_says_why(self):
        for name in SERVICES:
            with self.subTest(service=name):
                with self.assertRaises(NodeError) as refused:
                    self.start_with(name, FEWEST - 1, FEWEST - 1)
                self.assertRegex(str(refused.exception), f"ended with 1 .*{FEWEST - 1} files.*"
                                 f"needs {FEWEST}.*docs/runbook.md, .Too few open files")
                self.start_with(name, FEWEST, FEWEST)

    def test_a_service_takes_as_many_as_it_may(self):
        service = self.start_with("intake", 64, 2 * FEWEST)
        self.assertIn(f'"open_files":{2 * FEWEST}', self.said(service, "service.serving")[-1])

    def connect(self, count):
        """So many connections to intake; those that it closes at once, and those that it keeps."""
        closed, kept = [], []
        for _ in range(count):
            connection = socket.create_connection(
                ("127.0.0.1", self.nodes.ports["kh"]["intake"]), timeout=30)
            self.addCleanup(connection.close)
            try:
                # A server of HTTP/2 speaks first.
                greeted = connection.recv(1) != b""
            except ConnectionResetError:
                greeted = False
            (kept if greeted else closed).append(connection)
        return closed, kept

    def test_connections_beyond_its_share_are_turned_away_and_it_goes_on(self):
        service = self.start_with("intake", FEWEST, FEWEST)
        case = self.file_case(story_filing("fishing_crew"))
        closed, kept = self.connect(FEWEST)
        self.assertGreater(len(kept), FEWEST // 4)
        self.assertGreater(len(closed), FEWEST // 4)
        used = len(os.listdir(f"/proc/{service.process.pid}/fd"))
        self.assertLessEqual(used, FEWEST // 2 + 1, "the store's share is taken")
        with self.assertRaises(Refused) as refused:
            self.cli.call("kh-ministry", "complaint", "show", case)
        self.assertEqual(refused.exception.status, UNAVAILABLE)
        for connection in kept:
            connection.close()
        # It takes connections again, and work.
        self.cli.wait(lambda answer: answer["caseNumber"] == case, "kh-ministry", "complaint",
                      "show", case)
        after = self.open_case(story_filing("fishing_crew"))
        self.cli.wait(lambda answer: answer["status"], "kh-ministry",
                      "status", "show", after)
        service.stop()
        service.start()
        self.assertEqual(self.cli.call("kh-ministry", "complaint", "show", case)["caseNumber"],
                         case)


if __name__ == "__main__":
    main()
