"""PostgreSQL 15 as Debian packages it, in a data directory of its own."""

import math
import os
import pwd
import re
import subprocess
import time

from machine import process_time, processes
from parts import BenchError, RECORD_BYTES, free_port, wait_until

POSTGRES_BIN = "/usr/lib/postgresql/15/bin"
KNOWN_ROWS = 2000

# The same record: its content, what it is found by, and an event, in one statement. With the primary
# key there are six indexes.
SCHEMA = """
CREATE TABLE complaint (
  id bigserial PRIMARY KEY, number text NOT NULL, nationality text NOT NULL, body text NOT NULL,
  person bigint NOT NULL, filed_at timestamptz NOT NULL DEFAULT now(), record bytea NOT NULL);
CREATE UNIQUE INDEX ON complaint (number);
CREATE INDEX ON complaint (nationality, filed_at);
CREATE INDEX ON complaint (body, filed_at);
CREATE INDEX ON complaint (person);
CREATE INDEX ON complaint (filed_at);
CREATE TABLE event (
  id bigserial PRIMARY KEY, complaint bigint NOT NULL, kind text NOT NULL,
  at timestamptz NOT NULL DEFAULT now());
"""
INSERT = """\\set person random(1, 9000000000000000)
\\set unique random(1, 9000000000000000)
WITH filed AS (
  INSERT INTO complaint (number, nationality, body, person, record)
  VALUES (:unique::bigint::text || '-' || :person::bigint::text, 'KH', 'kh-battambang-mrc',
          :person::bigint, convert_to(:record::text, 'UTF8')) RETURNING id)
INSERT INTO event (complaint, kind) SELECT id, 'FILED' FROM filed;
"""
SELECT = f"""\\set id random(1, {KNOWN_ROWS})
SELECT number, nationality, body, filed_at, record FROM complaint WHERE id = :id;
"""


class Postgres:
    """A cluster on a free port with the settings of the package but for where it lies.

    PostgreSQL does not run as root; then the user that its package made runs it.
    """

    def __init__(self, directory):
        self.directory, self.port, self.process = directory, free_port(), None
        self.user = "postgres" if os.getuid() == 0 else None
        os.makedirs(directory, mode=0o755)
        if self.user:
            owner = pwd.getpwnam(self.user)
            os.chown(directory, owner.pw_uid, owner.pw_gid)
        self.data, self.log = os.path.join(directory, "data"), os.path.join(directory, "log")
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C")
        self.scripts = {name: self._script(name, text)
                        for name, text in (("insert", INSERT), ("select", SELECT))}

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self._as_user([f"{POSTGRES_BIN}/postgres", "-D", self.data, "-h", "127.0.0.1", "-p",
                               str(self.port), "-k", self.directory, "-c", "max_connections=300"]),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/")
        wait_until(lambda: self._ready(), "PostgreSQL")
        self._psql(SCHEMA)
        self.measure("insert", 8, 0, KNOWN_ROWS / 500)
        while int(self._psql("SELECT count(*) FROM complaint")) < KNOWN_ROWS:
            self.measure("insert", 8, 0, 1)
        self._psql("VACUUM ANALYZE")

    def stop(self):
        if self.process is not None:
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
            self.process.wait()

    def pids(self):
        """The server, the process that became its user, and its sessions."""
        return [self.process.pid, *descendants(self.process.pid)]

    def measure(self, script, clients, warmup, seconds):
        """What pgbench counts, in the load generator's form; both drive a closed loop over TCP."""
        # pgbench counts its time from before its clients connect, and its rate from after that.
        began = time.monotonic()
        self._pgbench(script, clients, "-t", "1")
        connecting = time.monotonic() - began
        before = self._cpu()
        out = self._pgbench(script, clients, "-T", str(math.ceil(warmup + seconds + connecting)))
        spent = self._cpu() - before
        lines = dict(re.findall(r"^(number of transactions actually processed|tps)\W+([\d.]+)", out,
                                re.MULTILINE))
        done = int(lines["number of transactions actually processed"])
        if done == 0:
            raise BenchError(f"{clients} clients of pgbench did nothing in {seconds:g} s; is the "
                             "machine busy?")
        latencies = self._latencies()
        return {"done": done, "seconds": done / float(lines["tps"]), "per_second": float(lines["tps"]),
                "p50_us": latencies[len(latencies) // 2],
                "p99_us": latencies[len(latencies) * 99 // 100],
                "server_cpu_us": spent * 1e6 / done, "turned_away": 0, "refused": {}}

    def _cpu(self):
        return sum(process_time(pid, True) for pid in self.pids())

    def _pgbench(self, script, clients, *how_long):
        for name in os.listdir(self.directory):
            if name.startswith("latency."):
                os.unlink(os.path.join(self.directory, name))
        return self._run("pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
                         *how_long, "-h", "127.0.0.1", "-p", str(self.port), "-U",
                         "bench", "-f", self.scripts[script], "-D", "record=" + "r" * RECORD_BYTES,
                         "-l", "--log-prefix", os.path.join(self.directory, "latency"),
                         "--sampling-rate=0.2", "postgres")

    def _latencies(self):
        """Of a fifth of the last run's transactions, in order."""
        found = []
        for name in os.listdir(self.directory):
            if name.startswith("latency."):
                with open(os.path.join(self.directory, name), encoding="ascii") as file:
                    found += [float(line.split()[2]) for line in file]
        return sorted(found) or [0.0]

    def _script(self, name, text):
        path = os.path.join(self.directory, name + ".sql")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def _ready(self):
        run = subprocess.run([f"{POSTGRES_BIN}/pg_isready", "-q", "-h", "127.0.0.1", "-p",
                              str(self.port)], check=False)
        return run.returncode == 0

    def _psql(self, text):
        return self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "-tAq", "-v",
                         "ON_ERROR_STOP=1", "-c", text, "postgres").strip()

    def _as_user(self, command):
        return ["setpriv", "--reuid", self.user, "--regid", self.user, "--clear-groups",
                *command] if self.user else command

    def _run(self, program, *arguments):
        run = subprocess.run(self._as_user([f"{POSTGRES_BIN}/{program}", *arguments]),
                             capture_output=True, text=True, check=False, cwd="/")
        if run.returncode != 0:
            raise BenchError(f"{program}: {run.stderr.strip()[-1000:]}")
        return run.stdout


def descendants(pid):
    """Processes below `pid`, as far as they are there now."""
    parents = {}
    for other in processes():
        try:
            with open(f"/proc/{other}/stat", encoding="utf-8", errors="replace") as file:
                parents.setdefault(int(file.read().rpartition(")")[2].split()[1]), []).append(other)
        except OSError:
            continue
    found, left = [], [pid]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found
