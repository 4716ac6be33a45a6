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
    """Some who watch all that they may see, each on a stream; one that ends with its token begins anew."""

    def __init__(self, nodes):
        cli = RedressCli(nodes)
        self.command = [cli.binary, "--profiles", cli.profiles, "status", "watch"]
        self.watches = [self.watch(profile) for profile, count in WATCHERS.items() for _ in range(count)]

    def watch(self, profile):
        return profile, subprocess.Popen([*self.command, "--profile", profile], stderr=subprocess.PIPE,
                                         stdout=subprocess.DEVNULL, text=True)

    def pids(self):
        return [process.pid for _, process in self.watches]

    def check(self):
        for index, (profile, process) in enumerate(self.watches):
            if process.poll() is None:
                continue
            error = process.communicate()[1].strip()
            if process.returncode != 0:
                raise BenchError(f"a watch ended with {process.returncode}: {error[-500:]}")
            self.watches[index] = self.watch(profile)

    def stop(self):
        for _, process in self.watches:
            process.terminate()
        for _, process in self.watches:
            process.communicate()
