"""A client in another language, made from the project's protos alone, files and tracks."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from grpc_js import PROTOS, install, mint, run_node  # noqa: E402
from scenario import DATA, NodesTest, main  # noqa: E402


class GrpcJsTest(NodesTest):
    NODES = ("kh",)

    def test_it_files_and_tracks(self):
        install()
        ports = self.nodes.ports["kh"]
        told = run_node("file_and_track.js", PROTOS, f"127.0.0.1:{ports['intake']}",
                        f"127.0.0.1:{ports['status']}", mint(self.nodes, "kh-desk"),
                        mint(self.nodes, "kh-kiosk"),
                        os.path.join(DATA, "story", "domestic_worker.json"))
        self.assertEqual(told["repeatedCaseNumber"], told["caseNumber"])
        self.assertEqual(told["trackedCaseNumber"], told["caseNumber"])
        self.assertEqual(told["trackedState"], "CASE_STATE_FILED")
        self.assertEqual(told["withoutToken"], "UNAUTHENTICATED")
        self.assertEqual(told["trackedByDesk"], "PERMISSION_DENIED")


if __name__ == "__main__":
    main()
