"""What people do in the soak besides filing and reading: refer cases with evidence, and watch."""

import os
import subprocess
import threading

from parts import BenchError, RedressCli, Refused, Story
from story import story_filing

FILE_BYTES = 256 << 10
# Between two cases that are referred, and whoever watches each node.
PAUSE_SECONDS = 1
WATCHERS = {"kh-ministry": 4, "my-mtuc": 4}


class Referring(threading.Thread):
    """One case after the other: filed, with a file, referred, there, its file read, accepted."""

    def __init__(self, nodes):
        super().__init__(daemon=True)
        self.cli, self.over, self.done, self.trouble = RedressCli(nodes), threading.Event(), 0, None
        self.story = Story(nodes, self.cli)
        self.photo, self.copy = (os.path.join(nodes.data_dir, name) for name in ("photo.jpg", "copy"))
        self.focal_point = self.cli.call("my-mtuc", "directory", "body", "show",
                                         "my:mtuc")["body"]["focalPoints"][0]["focalPointId"]

    def run(self):
        while not self.over.wait(PAUSE_SECONDS):
            try:
                self.one()
                self.done += 1
            except (Refused, AssertionError) as problem:
                self.trouble = problem
                return

    def one(self):
        with open(self.photo, "wb") as file:
            file.write(os.urandom(FILE_BYTES))
        case = self.story.file_and_open(story_filing("domestic_worker"))
        self.cli.call("kh-desk", "evidence", "add", case, self.photo, "--kind", "PAYSLIP")
        sent = self.cli.call("kh-ministry", "referral", "refer", case, "--to", "my:mtuc", "--ad-hoc")
        referral = sent["change"]["referralId"]
        self.cli.referral_state("my-mtuc", referral, "DELIVERED")
        file, = self.cli.wait(lambda answer: [one for one in answer.get("files", []) if one["state"] == "FILE_STATE_WHOLE"],
                              "my-mtuc", "evidence", "list", referral)["files"]
        self.cli.call("my-mtuc", "evidence", "get", referral, file["file"]["evidenceId"], self.copy)
        os.unlink(self.copy)
        self.cli.call("my-mtuc", "referral", "acknowledge", referral)
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point", self.focal_point)
        self.cli.referral_state("kh-ministry", referral, "ACCEPTED")

    def stop(self):
        self.over.set()
        self.join()

    def check(self):
        if self.trouble is not None:
            raise BenchError(f"after {self.done} cases that were referred: {self.trouble}")


class Watchers:
    """Some who watch all that they may see, each on a stream that stays open, until they are stopped."""

    def __init__(self, nodes, minutes):
        cli = RedressCli(nodes)
        command = [cli.binary, "--profiles", cli.profiles, "status", "watch", "--for",
                   str(60 * minutes + 600)]
        self.processes = [
            subprocess.Popen([*command, "--profile", profile], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True)
            for profile, count in WATCHERS.items() for _ in range(count)]

    def pids(self):
        return [process.pid for process in self.processes]

    def check(self):
        for process in self.processes:
            if process.poll() is not None:
                raise BenchError(f"a watch ended: {process.stderr.read().strip()[-500:]}")

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.communicate()
