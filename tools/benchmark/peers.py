"""What others would use instead, in the packages of Debian 12, and how Redress is held to it."""

import os
import subprocess

from etcd import Etcd
from kinds import Measurement, at_least
from parts import ROOT
from postgres import Postgres

# --peers: which are started.
KINDS = {"none": (), "stores": ("postgres", "etcd")}
KNOWN_KEYS = 2000


def install(kinds):
    if kinds:
        subprocess.run([os.path.join(ROOT, "tools/install-packages"), "peers"], check=True)


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
]
