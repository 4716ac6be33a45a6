"""PostgreSQL: the same record in a table, filed and read by pgbench."""

import math
import os
import re
import time

from cluster import Cluster, OWNER
from parts import BenchError, RECORD_BYTES

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
# The first page of a list: what lies with a body, newest first.
LIST = """SELECT number, nationality, body, filed_at FROM complaint WHERE body = 'kh-battambang-mrc'
ORDER BY filed_at DESC LIMIT 20;
"""


class Postgres:
    """A cluster with a table of known rows, and the scripts that pgbench runs against it."""

    def __init__(self, directory):
        self.cluster = Cluster(directory)
        self.scripts = {name: self._script(name, text) for name, text in
                        (("insert", INSERT), ("select", SELECT), ("list", LIST))}

    def start(self):
        self.cluster.start()
        self.cluster.psql(SCHEMA)
        self.measure("insert", 8, 0, KNOWN_ROWS / 500)
        while int(self.cluster.psql("SELECT count(*) FROM complaint")) < KNOWN_ROWS:
            self.measure("insert", 8, 0, 1)
        self.cluster.psql("VACUUM ANALYZE")

    def stop(self):
        self.cluster.stop()

    def pids(self):
        return self.cluster.pids()

    def measure(self, script, clients, warmup, seconds):
        """What pgbench counts, in the load generator's form; both drive a closed loop over TCP."""
        # pgbench counts its time from before its clients connect, and its rate from after that.
        began = time.monotonic()
        self._pgbench(script, clients, "-t", "1")
        connecting = time.monotonic() - began
        before = self.cluster.cpu()
        out = self._pgbench(script, clients, "-T", str(math.ceil(warmup + seconds + connecting)))
        spent = self.cluster.cpu() - before
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

    def _pgbench(self, script, clients, *how_long):
        for name in os.listdir(self.cluster.directory):
            if name.startswith("latency."):
                os.unlink(os.path.join(self.cluster.directory, name))
        return self.cluster.run(
            "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", *how_long, "-h",
            "127.0.0.1", "-p", str(self.cluster.port), "-U", OWNER, "-f", self.scripts[script], "-D",
            "record=" + "r" * RECORD_BYTES, "-l", "--log-prefix",
            os.path.join(self.cluster.directory, "latency"), "--sampling-rate=0.2", "postgres")

    def _latencies(self):
        """Of a fifth of the last run's transactions, in order."""
        found = []
        for name in os.listdir(self.cluster.directory):
            if name.startswith("latency."):
                with open(os.path.join(self.cluster.directory, name), encoding="ascii") as file:
                    found += [float(line.split()[2]) for line in file]
        return sorted(found) or [0.0]

    def _script(self, name, text):
        path = os.path.join(self.cluster.directory, name + ".sql")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path
