"""What a run needs started: nodes, yardsticks, and the load generator that drives them."""

import json
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))

from directory_loader import load_directories  # noqa: E402
from local_nodes import SERVICES, LocalNodes, NodeError, free_port  # noqa: E402
from redress_cli import RedressCli, Refused  # noqa: E402
from story import Story, people, story_filing  # noqa: E402

# What is filed, and the record that all other sides store.
RECORD_BYTES = 1024
RECORD_ROWS = 5  # One, and the index keys that records.h gives it.
# What filing it leaves in intake's store: rows, and bytes of keys and values. Both are what
#   ldb --db=WORK/redress-bench/filing/kh/intake/store scan --hex
# (Debian package rocksdb-tools) tells of a copy taken during `tools/bench --only file --hold 60
# --work-dir WORK`: its lines, and half its digits, by the number of lines that begin with 0x10.
FILING_ROWS = 18
FILING_BYTES = 3900
# What a yardstick writes beside a record, to come to that.
FILING_MORE = ("--more-rows", str(FILING_ROWS - RECORD_ROWS),
               "--more-bytes", str((FILING_BYTES - RECORD_BYTES) // (FILING_ROWS - RECORD_ROWS)))
# Cases that reads ask for.
KNOWN_CASES = 1000
# How long status may take for what was filed before.
CATCH_UP_SECONDS = 3600
# The program that plays the callers and the sides that are compared with.
BENCHMARK = "redress-benchmark"
# The folder in which everything lies that a run writes; what is there before it is removed.
FOLDER = "redress-bench"
# How long a server of others may take until it serves.
START_SECONDS = 60


class BenchError(Exception):
    """Something could not be measured; the text says what and why."""


def wait_until(serves, what):
    deadline = time.monotonic() + START_SECONDS
    while not serves():
        if time.monotonic() > deadline:
            raise BenchError(f"{what} did not serve within {START_SECONDS} s")
        time.sleep(0.05)


class Yardstick:
    """A server of redress-benchmark, which ends when its standard input does."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        line = self.process.stdout.readline().strip()
        if not line:
            raise BenchError(f"{' '.join(command[:2])} did not start")
        self.target, self.pid = "127.0.0.1:" + line, self.process.pid

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Parts:
    """Starts each part when it is first asked for, and stops all at the end. Use it with `with`.

    work_dir  in a folder of their own in it lie the stores of everything; all else there is left alone
    filings   how many complaints differ before the first of them is filed again
    commit    what is measured
    """

    def __init__(self, bin_dir, work_dir, filings, commit=""):
        self.bin_dir, self.work_dir = bin_dir, os.path.join(work_dir, FOLDER)
        self.binary = os.path.join(bin_dir, BENCHMARK)
        self.filing_count, self.next_filing, self.commit = filings, 0, commit
        self.started, self.made = [], {}
        self.children, self.others = set(), []
        self.service_flags = []  # More flags, of the services of the two nodes that are started next.

    def __enter__(self):
        shutil.rmtree(self.work_dir, ignore_errors=True)
        os.makedirs(self.work_dir, mode=0o755)
        return self

    def __exit__(self, *_):
        for stop in reversed(self.started):
            stop()
        self.started.clear()

    def once(self, name, make):
        """What `make()` gave the first time."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def add_own(self, pids):
        """`pids()`: processes that are part of the run, at any time."""
        self.others.append(pids)

    def own_pids(self):
        return self.children.union(*(pids() for pids in self.others))

    def path(self, *names):
        return os.path.join(self.work_dir, *names)

    # --- the yardsticks ---

    def echo(self):
        return self.once("echo", lambda: self._yardstick("echo"))

    def batching(self):
        return self.once("batching", lambda: self._yardstick(
            "batching", "--directory", self.path("batching")))

    def batching_as_filing(self):
        """The same, writing as many rows and bytes for each call as a filing comes to."""
        return self.once("batching as filing", lambda: self._yardstick(
            "batching", "--directory", self.path("batching as filing"),
            *FILING_MORE))

    def reading(self, row_bytes):
        """A store whose rows are so large, and one look into it for each call."""
        return self.once(f"reading {row_bytes}", lambda: self._yardstick(
            "reading", "--directory", self.path(f"reading {row_bytes}"), "--row-bytes", str(row_bytes)))

    def _yardstick(self, *command):
        server = Yardstick([self.binary, *command])
        self.started.append(server.stop)
        self.children.add(server.pid)
        return server

    # --- nodes ---

    def filing_intake(self):
        """An intake that only files: its followers would take the machine from what is measured."""
        return self.once("filing", lambda: self._service(self._nodes("filing", ["kh"]), "intake"))

    def reading_nodes(self):
        """A whole node that is quiet, with KNOWN_CASES cases that its status has taken in."""
        return self.once("reading", lambda: self._reading_nodes("reading"))

    def other_reading_nodes(self):
        """Another such node, beside it."""
        return self.once("other reading", lambda: self._reading_nodes("other"))

    def status(self):
        return self._service(self.reading_nodes(), "status")

    def _nodes(self, name, nodes):
        made = LocalNodes(self.path(name), self.bin_dir, nodes, people(nodes))
        made.prepare()
        self.started.append(made.stop)
        return made

    def _service(self, nodes, name):
        service = nodes.service("kh", name)
        service.start()
        self.children.add(service.running_pid())
        return service

    def _reading_nodes(self, name):
        nodes = self._nodes(name, ["kh"])
        for name in ("intake", "referral", "status"):
            self._service(nodes, name)
        self.file_known_cases(nodes, KNOWN_CASES)
        return nodes

    def file_known_cases(self, nodes, count):
        """Files `count` cases, notes them, and waits until status knows them all."""
        self.file_cases(nodes, count)
        self.await_known_cases(nodes)

    def file_cases(self, nodes, count):
        """Files `count` cases and notes them."""
        self.load("file", nodes.service("kh", "intake"), outstanding=32, warmup=0, seconds=600,
                  profiles=nodes.profiles_dir(), calls=count, cases=self.cases(nodes), keep=True)

    def await_known_cases(self, nodes):
        """Until status answers for every case that was noted."""
        with open(self.cases(nodes), encoding="ascii") as file:
            count = sum(1 for _ in file)
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while time.monotonic() < deadline:
            answer = self.load("status", nodes.service("kh", "status"), outstanding=1, warmup=0,
                               seconds=60, calls=count, profiles=nodes.profiles_dir(),
                               profile="kh-ministry", cases=self.cases(nodes))
            if not answer["refused"] and not answer["turned_away"]:
                return
            time.sleep(1)
        raise BenchError("status did not take in what was filed")

    def start_again(self, service):
        """Starts a service that was killed; its process is another."""
        service.start()
        self.children.add(service.running_pid())

    def cases(self, nodes):
        return os.path.join(nodes.data_dir, "cases")

    # --- two nodes ---

    def two_nodes(self):
        """Nodes kh and my, with the bodies that a case can be referred to."""
        return self.once("two", self._two_nodes)

    def _two_nodes(self):
        nodes = self._nodes("two", ["kh", "my"])
        nodes.extra_flags = {name: self.service_flags for name in SERVICES}
        nodes.start()
        self.add_own(lambda: [service.running_pid() for service in nodes.services.values()])
        load_directories(nodes)
        return nodes

    def open_cases(self, count):
        """Files and screens cases that may be referred to my:mtuc; their numbers."""
        story = Story(self.two_nodes(), RedressCli(self.two_nodes()))
        filing = story_filing("domestic_worker")
        return [story.file_and_open(filing) for _ in range(count)]

    # --- the load generator ---

    def filings(self):
        return self.once("filings", self._filings)

    def _filings(self):
        path = self.path("filings")
        self.run("filings", "--output", path, "--count", self.filing_count, "--bytes", RECORD_BYTES)
        return path

    def run(self, *command):
        """One command of redress-benchmark; its JSON, if it printed any."""
        process = subprocess.Popen([self.binary, *map(str, command)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.children.add(process.pid)
        try:
            out, error = process.communicate()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.returncode != 0:
            raise BenchError(f"redress-benchmark {command[0]}: {error.strip()[-2000:]}")
        return json.loads(out) if out.strip() else {}

    def load(self, side, server, outstanding, warmup, seconds, profiles=None, profile="kh-desk",
             calls=0, cases=None, keep=False, request_bytes=RECORD_BYTES, answer_bytes=RECORD_BYTES,
             channels=1, fresh_tokens=0, keep_token=1, pause_ms=0, rows=20):
        """Keeps calls going to a Service of a node or a Yardstick."""
        command = ["load", "--side", side, "--outstanding", outstanding, "--channels", channels,
                   "--warmup", warmup, "--seconds", seconds, "--calls", calls, "--profile", profile,
                   "--target", target_of(server), "--server-pid", pid_of(server), "--profiles",
                   profiles or self.filing_profiles(), "--request-bytes", request_bytes,
                   "--answer-bytes", answer_bytes, "--fresh-tokens", fresh_tokens,
                   "--keep-token", keep_token, "--pause-ms", pause_ms, "--page-size", rows]
        if cases:
            command += ["--cases", cases]
        if side == "file":
            command += ["--filings", self.filings(), "--first-filing", self.next_filing]
            command += ["--keep-cases"] if keep else []
        answer = self.run(*command)
        if side == "file":
            # As if each complaint were another: the next run goes on where this one ended.
            self.next_filing = (self.next_filing + round(answer["per_second"] * (warmup + seconds))
                                if not calls else self.next_filing + calls)
        return answer

    def filing_profiles(self):
        self.filing_intake()
        return self.path("filing", "profiles")


def target_of(server):
    """Of a service of a node, or of whatever else has a target."""
    if hasattr(server, "target"):
        return server.target
    return f"127.0.0.1:{server.nodes.ports[server.node][server.name]}"


def pid_of(server):
    return server.pid if hasattr(server, "pid") else server.running_pid()


__all__ = ["FILING_MORE", "FOLDER", "KNOWN_CASES", "RECORD_BYTES", "ROOT", "START_SECONDS", "BenchError",
           "NodeError", "Parts", "RedressCli", "Refused", "Story", "free_port", "pid_of", "target_of",
           "wait_until"]
