"""A client in another language, made from the project's protos alone, files and tracks."""

import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from scenario import DATA, ROOT, NodesTest, main  # noqa: E402

WORK = os.environ.get("REDRESS_GRPC_JS_DIR", os.path.join(ROOT, "build", "grpc_js"))


def install():
    """Installs the two packages beside a copy of the script, outside the source tree."""
    os.makedirs(WORK, exist_ok=True)
    for name in ("package.json", "package-lock.json", "file_and_track.js"):
        shutil.copy(os.path.join(HERE, name), WORK)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=WORK,
                   check=True, capture_output=True)


class GrpcJsTest(NodesTest):
    NODES = ("kh",)

    def token(self, profile):
        run = subprocess.run([os.path.join(self.nodes.bin_dir, "redress"), "--profiles",
                              self.nodes.profiles_dir(), "--profile", profile, "token", "mint"],
                             capture_output=True, text=True, check=True)
        return run.stdout.strip()

    def test_it_files_and_tracks(self):
        install()
        ports = self.nodes.ports["kh"]
        run = subprocess.run(
            ["node", "file_and_track.js", os.path.join(ROOT, "protos"),
             f"127.0.0.1:{ports['intake']}", f"127.0.0.1:{ports['status']}",
             self.token("kh-desk"), self.token("kh-kiosk"),
             os.path.join(DATA, "story", "domestic_worker.json")],
            cwd=WORK, capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        told = json.loads(run.stdout)
        self.assertEqual(told["repeatedCaseNumber"], told["caseNumber"])
        self.assertEqual(told["trackedCaseNumber"], told["caseNumber"])
        self.assertEqual(told["trackedState"], "CASE_STATE_FILED")
        self.assertEqual(told["withoutToken"], "UNAUTHENTICATED")
        self.assertEqual(told["trackedByDesk"], "PERMISSION_DENIED")


if __name__ == "__main__":
    main()
