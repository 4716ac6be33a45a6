"""Loads bodies, agreements and postings into nodes through `redress directory … put`."""

import json
import os
from collections import Counter
from datetime import datetime, timezone

from local_nodes import read_json
from redress_cli import RedressCli, Refused
from story import DATA


def load_directories(nodes):
    """Loads the nodes' parts of tests/data/directory.json and waits until each node has what it is sent
    of the others' parts. What is there already stays."""
    cli, directory = RedressCli(nodes), read_json(os.path.join(DATA, "directory.json"))
    entries = {node: directory.get(node, {}) for node in nodes.nodes}
    for node in nodes.nodes:
        _load_directory(cli, node, entries[node])
    bodies = sum(len(of.get("bodies", [])) for of in entries.values())
    halves = Counter(agreement["id"] for of in entries.values()
                     for agreement in of.get("agreements", []))
    for node in nodes.nodes:
        whole = [agreement for agreement in entries[node].get("agreements", [])
                 if halves[agreement["id"]] == 2]
        _await(cli, node, "body", "bodies", bodies, "--page-size", "200")
        _await(cli, node, "agreement", "agreements", len(whole), "--in-force")


def _await(cli, node, kind, field, wanted, *options):
    cli.wait(lambda answer: len(answer.get(field, [])) >= wanted, f"{node}-admin", "directory", kind,
             "list", *options)


def _load_directory(cli, node, entries):
    admin = f"{node}-admin"
    for body in entries.get("bodies", []):
        _put(cli, admin, "body", body["bodyId"], json.dumps(freshly_assured(body)))
    for agreement in entries.get("agreements", []):
        _put(cli, admin, "agreement", agreement["id"], json.dumps(agreement["terms"]),
             "--id", agreement["id"], "--party", agreement["party"],
             "--version", str(agreement["version"]))
    for posting in entries.get("postings", []):
        _put(cli, admin, "posting", posting["postingId"], json.dumps(posting))


def freshly_assured(body):
    """The body as its office last assured it: each year on the same day, so never over a year ago."""
    if "assuredOn" not in body:
        return body
    today = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    year, day = int(today[:4]), body["assuredOn"][4:]
    if day > today[4:]:
        year -= 1
    return {**body, "assuredOn": f"{max(year, int(body['assuredOn'][:4]))}{day}"}


def _put(cli, admin, kind, identifier, text, *options):
    try:
        shown = cli.call(admin, "directory", kind, "show", identifier, quiet=True)
        if kind != "agreement":
            return
        halves = shown.get("agreement", {}).get("halves", [])
        if any(half.get("nodeId") == admin[:2] for half in halves):
            return
    except Refused as refused:
        if "NOT_FOUND" not in refused.error:
            raise
    cli.call(admin, "directory", kind, "put", text, *options)
