"""What is measured, and what each figure is held to. The design's table 'What is held' stands here."""

from dataclasses import dataclass
from typing import Callable


@dataclass
class Measurement:
    """One side at one concurrency. `run(parts, warmup, seconds)` gives the load generator's JSON."""

    name: str
    title: str
    run: Callable
    group: str
    needs: str = ""  # A peer: postgres, etcd, request_tracker.


@dataclass
class Held:
    """A ratio that is held. `value(sides)` computes it from one round: {measurement: its JSON}."""

    name: str
    title: str
    goal: float
    at_most: bool
    needs: tuple
    value: Callable
    unit: str = "×"

    def holds(self, value):
        return value <= self.goal if self.at_most else value >= self.goal


def rates(above, below):
    return lambda sides: sides[above]["per_second"] / sides[below]["per_second"]


def at_least(name, title, goal, above, below):
    return Held(name, title, goal, False, (above, below), rates(above, below))


def file_at(outstanding, fresh=0):
    return lambda parts, warmup, seconds: parts.load(
        "file", parts.filing_intake(), outstanding, warmup, seconds, fresh_tokens=fresh)


def store_at(outstanding):
    return lambda parts, warmup, seconds: parts.load("store", parts.batching(), outstanding, warmup,
                                                     seconds)


def echo_at(outstanding):
    return lambda parts, warmup, seconds: parts.load("echo", parts.echo(), outstanding, warmup,
                                                     seconds)


def read_at(side, outstanding, profile="kh-ministry"):
    def run(parts, warmup, seconds):
        nodes = parts.reading_nodes()
        return parts.load(side, nodes.service("kh", "status"), outstanding, warmup, seconds,
                          profiles=nodes.profiles_dir(), profile=profile, cases=parts.cases(nodes))
    return run


def echo_like(side, outstanding):
    """An echo of the same sizes as `side`'s requests and answers, which are looked at first."""
    def run(parts, warmup, seconds):
        seen = parts.once(f"sizes of {side}", lambda: read_at(side, 1)(parts, 0, 0.2))
        # What is around the payload of the echo itself is a few bytes.
        return parts.load("echo", parts.echo(), outstanding, warmup, seconds,
                          request_bytes=max(round(seen["request_bytes"]) - 6, 1),
                          answer_bytes=max(round(seen["answer_bytes"]) - 3, 1))
    return run


def raw(command, *options):
    return lambda parts, warmup, seconds: parts.run(
        command, "--directory", parts.path("raw-" + "-".join(map(str, (command, *options[1:])))),
        "--warmup", warmup, "--seconds", seconds, *options)


OWN = [
    Measurement("fsync_1", "fdatasync of an appended 4 KiB", raw("fsync"), "file"),
    Measurement("rocksdb_1", "RocksDB, a synced commit of a record", raw("rocksdb", "--batch", 1),
                "file"),
    Measurement("rocksdb_64", "RocksDB, synced batches of 64", raw("rocksdb", "--batch", 64), "file"),
    Measurement("echo_1", "gRPC echo, 1 outstanding", echo_at(1), "file"),
    Measurement("echo_32", "gRPC echo, 32", echo_at(32), "file"),
    Measurement("store_32", "minimal batching handler, 32", store_at(32), "file"),
    Measurement("store_256", "minimal batching handler, 256", store_at(256), "file"),
    Measurement("file_1", "FileComplaint, 1 outstanding", file_at(1), "file"),
    Measurement("file_32", "FileComplaint, 32", file_at(32), "file"),
    Measurement("file_256", "FileComplaint, 256", file_at(256), "file"),
    Measurement("file_fresh_32", "FileComplaint, 32, each call with a new token",
                file_at(32, fresh=20000), "file"),
    Measurement("echo_status_32", "gRPC echo as large as GetCaseStatus, 32", echo_like("status", 32),
                "read"),
    Measurement("status_32", "GetCaseStatus, 32", read_at("status", 32), "read"),
    Measurement("echo_list_32", "gRPC echo as large as ListCases, 32", echo_like("list", 32), "read"),
    Measurement("list_32", "ListCases of 20, 32", read_at("list", 32), "read"),
    Measurement("track_32", "TrackByReceipt, 32", read_at("track", 32, "kh-kiosk"), "read"),
]

HELD = [
    at_least("minimal handler against echo", "the minimal handler itself against echo, at 32", 0.27,
             "store_32", "echo_32"),
    at_least("file against handler 32", "FileComplaint against the minimal handler, at 32", 0.80,
             "file_32", "store_32"),
    at_least("file against handler 256", "FileComplaint against the minimal handler, at 256", 0.80,
             "file_256", "store_256"),
    Held("file alone", "FileComplaint, one outstanding, p50 against a synced commit and an echo", 1.5,
         True, ("file_1", "rocksdb_1", "echo_1"),
         lambda sides: sides["file_1"]["p50_us"]
         / (sides["rocksdb_1"]["p50_us"] + sides["echo_1"]["p50_us"])),
    at_least("status against echo", "GetCaseStatus against echo of the same sizes, at 32", 0.65,
             "status_32", "echo_status_32"),
    at_least("list against echo", "ListCases of 20 against echo of the same sizes, at 32", 0.60,
             "list_32", "echo_list_32"),
]
