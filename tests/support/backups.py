"""Nodes that are backed up and put back."""

import json
import os
import shutil
import subprocess

from scenario import NodesTest


class BackupsTest(NodesTest):
    """Adds backups of a node, each node's in a folder of its own, and restoring them."""

    def backup(self, node):
        return os.path.join(self.directory, "backups", node)

    def back_up(self, node, *options):
        return self.cli.call(node + "-admin", "node", "backup", self.backup(node), *options)

    def run_cli(self, *arguments):
        return subprocess.run([self.cli.binary, "--output", "json", *map(str, arguments)],
                              capture_output=True, text=True, check=False)

    def points(self, node):
        run = self.run_cli("node", "backup", "list", self.backup(node))
        self.assertEqual(run.returncode, 0, run.stderr)
        return [json.loads(line) for line in run.stdout.splitlines()]

    def verify(self, node, *options):
        run = self.run_cli("node", "backup", "verify", self.backup(node), "--scratch",
                           self.directory, *options)
        answer = json.loads(run.stdout)
        self.assertEqual(run.returncode, 0 if answer["whole"] else 1, run.stderr)
        self.assertFalse([name for name in os.listdir(self.directory) if "verify" in name])
        return answer, run.stderr

    def whole(self, node, *options):
        answer, error = self.verify(node, *options)
        if not answer["whole"]:
            print(error)
        return answer["whole"]

    @staticmethod
    def service_of(point, name):
        return next(one for one in point["services"] if one["service"] == name)

    def restore(self, node, *options, start=True):
        """Stops the node, puts it back to a restore point, and starts it with its old keys."""
        self.nodes.stop(node)
        place = os.path.join(self.directory, node)
        fresh = place + ".restored"
        run = self.run_cli("node", "restore", self.backup(node), "--data-dir", fresh, *options)
        self.assertEqual(run.returncode, 0, run.stderr)
        shutil.copytree(os.path.join(place, "keys"), os.path.join(fresh, "keys"))
        shutil.rmtree(place)
        os.rename(fresh, place)
        if start:
            self.nodes.start(node)
        return json.loads(run.stdout)

    def log_of(self, node, service, event):
        """The lines of a service's log that tell of `event`."""
        with open(self.nodes.service(node, service).log, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def file_receipt(self, filing):
        return self.cli.call("kh-desk", "complaint", "file", "-", text=json.dumps(filing))
