"""Starts nodes on this machine and plays the story on them; see tools/demo --help."""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys

from directory_loader import load_directories
from local_nodes import ROOT, LocalNodes, NodeError, read_json
from redress_cli import RedressCli, Refused
from story import Story, people

BOLD, DIM, RED, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"


def coloured():
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def paint(colour, text):
    return f"{colour}{text}{PLAIN}" if coloured() else text


def chapter(title):
    print("\n" + paint(BOLD, f"== {title}"), flush=True)


# Of a longer answer its beginning and its end are shown, which is where names and sums are.
FIRST_LINES, LAST_LINES = 16, 6


def tell(words, shown, error):
    """Prints a command as it could be typed, and what it printed."""
    line = "redress " + " ".join(map(shlex.quote, words))
    room = 2 * max(shutil.get_terminal_size().columns, 100)
    print(paint(BOLD, "$ " + (line if len(line) <= room else line[:room] + " …")))
    lines = shown.splitlines()
    left_out = len(lines) - FIRST_LINES - LAST_LINES
    if left_out > 1:
        lines[FIRST_LINES:-LAST_LINES] = [paint(DIM, f"… {left_out} more lines …")]
    for text in lines:
        print("    " + text)
    if error:
        print(paint(RED, "    " + error.replace("\n", "\n    ")))
    sys.stdout.flush()


def dress_answers():
    """Lets the command print into this script's pages as it would on their terminal."""
    if coloured():
        os.environ["CLICOLOR_FORCE"] = "1"
    if sys.stdout.isatty():
        os.environ["COLUMNS"] = str(max(shutil.get_terminal_size().columns - 4, 40))


def arguments():
    parser = argparse.ArgumentParser(
        prog="tools/demo", description=__doc__,
        usage="tools/demo [--once | --stop] [--nodes kh,my,…] [--data-dir DIR]")
    parser.add_argument("--data-dir", default=os.path.join(ROOT, "var", "demo"))
    parser.add_argument("--bin-dir", required=True)
    parser.add_argument("--nodes", default="kh,my")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--stop", action="store_true")
    given = parser.parse_args()
    given.nodes = given.nodes.split(",")
    for node in given.nodes:
        if not re.fullmatch("[a-z]{2}", node):
            parser.error(f"--nodes: \"{node}\" is no node; two lower-case letters are, as kh")
    if not {"kh", "my"} <= set(given.nodes):
        parser.error("--nodes: the story needs kh and my")
    return given


def played_file(nodes):
    return os.path.join(nodes.data_dir, "story-played")


def start(nodes, cli):
    chapter(f"Starting {', '.join(nodes.nodes)}")
    nodes.prepare()
    nodes.start()
    load_directories(nodes)
    for node in nodes.nodes:
        cli.call(f"{node}-admin", "node", "health")


def load_samples(nodes):
    """A few dozen other cases, so that lists and counts have something to show."""
    chapter("Loading sample cases")
    sample = os.path.join(nodes.bin_dir, "redress-sample")
    path = os.path.join(nodes.data_dir, "samples.jsonl")
    if os.system(f"'{sample}' --count 60 --seed 7 --node kh --max-members 5 --output '{path}'") != 0:
        raise NodeError("redress-sample failed")
    answers = RedressCli(nodes).call("kh-desk", "complaint", "import", path)
    print(f"{sum(1 for answer in answers if 'imported' in answer)} cases imported")


def say_how_to_go_on(nodes):
    chapter("The nodes are running")
    print(f"""Talk to them as any of these people ({nodes.profiles_dir()}):
  {', '.join(person.name for person in nodes.people)}

  export PATH="{nodes.bin_dir}:$PATH" REDRESS_PROFILES="{nodes.profiles_dir()}"
  redress --profile kh-ministry status list
  redress --profile kh-desk complaint file --template
  redress --help

Stop them with: tools/demo --stop --data-dir {nodes.data_dir}""")


def say_what_to_do(given, nodes):
    """After a failure: with --once nothing is left running, else the nodes are left to be looked at."""
    if given.once:
        nodes.stop()
    where = f" --data-dir {nodes.data_dir}"
    print(f"""
What the services said is in {nodes.data_dir}/<node>/<service>/log.
To try again with what is there:  tools/demo{where}
To begin anew:                    tools/demo --stop{where}; rm -r {nodes.data_dir}""",
          file=sys.stderr)


def main():
    given = arguments()
    if given.stop:
        # Whatever was started there, not only what is started by default.
        chosen = os.path.join(given.data_dir, "nodes.json")
        if not os.path.exists(chosen):
            print(f"tools/demo: no nodes were ever started in {given.data_dir}", file=sys.stderr)
            return 1
        given.nodes = list(read_json(chosen))
    dress_answers()
    nodes = LocalNodes(given.data_dir, given.bin_dir, given.nodes, people(given.nodes))
    cli = RedressCli(nodes, tell)
    try:
        if given.stop:
            nodes.stop()
            print("Stopped; the data stays in " + nodes.data_dir)
            return 0
        start(nodes, cli)
        if not os.path.exists(played_file(nodes)) or given.once:
            load_samples(nodes)
            Story(nodes, cli, chapter).play()
            open(played_file(nodes), "w", encoding="utf-8").close()
        else:
            print("The story was played before; its cases are still here.")
        if given.once:
            nodes.stop()
            chapter("The story is told, and every number was right; the nodes are stopped")
        else:
            say_how_to_go_on(nodes)
        return 0
    except KeyboardInterrupt:
        print("\ntools/demo: interrupted", file=sys.stderr)
    except (NodeError, Refused, AssertionError, OSError, subprocess.SubprocessError) as problem:
        said = str(problem)
        print(paint(RED, "\ntools/demo: " + (said if len(said) <= 600 else said[:600] + " …")),
              file=sys.stderr)
    say_what_to_do(given, nodes)
    return 1


if __name__ == "__main__":
    sys.exit(main())
