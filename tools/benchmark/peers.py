"""What others would use instead, in the packages of Debian 12, and how Redress is held to it."""

import os
import subprocess

from etcd import Etcd
from kinds import Measurement, at_least, at_least_at_best, limit, limit_at_best
from parts import ROOT
from postgres import Postgres
from request_tracker import RequestTracker

# --peers: which are started.
KINDS = {"none": (), "stores": ("postgres", "etcd"),
         "all": ("postgres", "etcd", "request-tracker")}
KNOWN_KEYS = 2000


def install(kinds):
    if kinds:
        wanted = "peers-all" if "request-tracker" in kinds else "peers"
        subprocess.run([os.path.join(ROOT, "tools/install-packages"), wanted], check=True)


def postgres(parts):
    def start():
        server = Postgres(parts.path("postgres"))
        parts.started.append(server.stop)
        server.start()
        parts.add_own(server.pids)
        return server
    return parts.once("postgres", start)


def postgres_at(script, clients):
    return lambda parts, warmup, seconds: postgres(parts).measure(script, clients, warmup, seconds)


def etcd(parts):
    def start():
        server = Etcd(parts.path("etcd"))
        parts.started.append(server.stop)
        server.start()
        parts.add_own(lambda: [server.pid])
        parts.load("etcd-known", server, 32, 0, 60, calls=KNOWN_KEYS)
        return server
    return parts.once("etcd", start)


def etcd_at(side, outstanding):
    return lambda parts, warmup, seconds: parts.load(side, etcd(parts), outstanding, warmup, seconds)


def etcd_get_at(outstanding):
    """After heavy puts a process reads at a fraction of its speed for minutes, so it is a fresh one."""
    def run(parts, warmup, seconds):
        etcd(parts).restart()
        return parts.load("etcd-get", etcd(parts), outstanding, warmup, seconds)
    return run


def request_tracker(parts):
    def start():
        server = RequestTracker(parts.path("request-tracker"))
        parts.started.append(server.stop)
        server.start()
        parts.add_own(server.pids)
        return server
    return parts.once("request-tracker", start)


def request_tracker_at(what, clients):
    return lambda parts, warmup, seconds: request_tracker(parts).measure(what, clients, warmup,
                                                                         seconds)


# Where its best lies depends on the cores.
TRACKER_CLIENTS = (1, 4, 8, 16)
TRACKER = [
    Measurement(f"tracker_{what}_{clients}", f"Request Tracker, {title}, {clients}",
                request_tracker_at(what, clients), group, "request-tracker")
    for what, title, group, counts in (("create", "a ticket created", "file", TRACKER_CLIENTS),
                                       ("show", "a ticket shown", "read", TRACKER_CLIENTS),
                                       ("list", "a list of 20 tickets", "read", (1, 8)))
    for clients in counts]

MEASUREMENTS = [
    Measurement("postgres_insert_1", "PostgreSQL insert, 6 indexes and an event, 1 outstanding",
                postgres_at("insert", 1), "file", "postgres"),
    Measurement("postgres_insert_32", "PostgreSQL insert, 32", postgres_at("insert", 32), "file",
                "postgres"),
    Measurement("postgres_insert_128", "PostgreSQL insert, 128", postgres_at("insert", 128), "file",
                "postgres"),
    Measurement("etcd_put_32", "etcd put, 32", etcd_at("etcd-put", 32), "file", "etcd"),
    Measurement("etcd_transaction_32", "etcd transaction of 5 keys, 32",
                etcd_at("etcd-transaction", 32), "file", "etcd"),
    Measurement("postgres_select_1", "PostgreSQL select by id, 1 outstanding",
                postgres_at("select", 1), "read", "postgres"),
    Measurement("postgres_select_32", "PostgreSQL select by id, 32", postgres_at("select", 32), "read",
                "postgres"),
    Measurement("postgres_list_32", "PostgreSQL list of 20, 32", postgres_at("list", 32), "read",
                "postgres"),
    Measurement("etcd_get_32", "etcd get, 32", etcd_get_at(32), "read", "etcd"),
    *TRACKER,
]
HELD = [
    at_least("file against postgres 32", "FileComplaint against a PostgreSQL insert, at 32", 1.5,
             "file_32", "postgres_insert_32"),
    at_least("file against postgres 128", "FileComplaint against a PostgreSQL insert, at 128", 2.2,
             "file_128", "postgres_insert_128"),
    at_least("file against etcd", "FileComplaint against an etcd transaction of 5 keys, at 32", 5,
             "file_32", "etcd_transaction_32"),
    at_least("status against etcd", "GetCaseStatus against an etcd get, at 32", 2, "status_32",
             "etcd_get_32"),
    at_least("status against postgres", "GetCaseStatus against a PostgreSQL select, at 32", 0.95,
             "status_32", "postgres_select_32"),
    at_least_at_best("file against tracker",
                     "FileComplaint against a ticket created, each at its best concurrency", 1000,
                     ("file_32", "file_128", "file_256"),
                     [f"tracker_create_{clients}" for clients in TRACKER_CLIENTS]),
    at_least_at_best("status against tracker",
                     "GetCaseStatus against a ticket shown, each at its best concurrency", 400,
                     ("status_32", "status_128"),
                     [f"tracker_show_{clients}" for clients in TRACKER_CLIENTS]),
]
# What writes or reads the same rows and does nothing else, against the same.
LIMITS = [
    limit("the minimal handler writing a filing's rows against a PostgreSQL insert, at 32",
          "store_as_filing_32", "postgres_insert_32"),
    limit_at_best("the minimal handler writing a filing's rows, at its best concurrency, against a "
                  "PostgreSQL insert, at 128", ("store_as_filing_32", "store_as_filing_256"),
                  ["postgres_insert_128"]),
    limit("the minimal handler writing a filing's rows against an etcd transaction of 5 keys, at 32",
          "store_as_filing_32", "etcd_transaction_32"),
    limit_at_best("the minimal handler writing a filing's rows against a ticket created, each at its best "
                  "concurrency", ("store_as_filing_32", "store_as_filing_256"),
                  [f"tracker_create_{clients}" for clients in TRACKER_CLIENTS]),
    limit("a minimal handler reading a row as large as GetCaseStatus against an etcd get, at 32",
          "read_status_32", "etcd_get_32"),
    limit("a minimal handler reading a row as large as GetCaseStatus against a PostgreSQL select, at 32",
          "read_status_32", "postgres_select_32"),
]
