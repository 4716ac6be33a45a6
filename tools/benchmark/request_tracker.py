"""Request Tracker 5 as Debian packages it: its own web server, and a PostgreSQL of its own.

Nothing of a site that the machine may have is read: configuration, database, caches and sessions lie in
the work directory.
"""

import contextlib
import http.client
import itertools
import json
import os
import random
import secrets
import signal
import subprocess
import urllib.parse

from cluster import Cluster, OWNER
from http_loop import HttpLoop
from machine import descendants, process_time
from parts import BenchError, RECORD_BYTES, START_SECONDS, free_port, wait_until

SERVER = "/usr/share/request-tracker5/libexec/rt-server"
SETUP = "/usr/sbin/rt-setup-database-5"
# As many workers of its web server as there are callers at the most: each keeps its connection.
MOST_CALLERS = 16
KNOWN_TICKETS = 100
PAGE = 20

# Mail about a ticket is composed as ever, and handed to a program that drops it.
SITE_CONFIG = """\
Set($rtname, 'bench');
Set($Organization, 'bench.invalid');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'Pg');
Set($DatabaseHost, '127.0.0.1');
Set($DatabaseRTHost, '127.0.0.1');
Set($DatabasePort, {database_port});
Set($DatabaseAdmin, '{owner}');
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '/bin/true');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($LogToFile, undef);
$RT::MasonDataDir = '{directory}/mason';
$RT::MasonSessionDir = '{directory}/sessions';
$RT::VarPath = '{directory}/var';
1;
"""


class RequestTracker:
    """Runs as the user that its PostgreSQL runs as, which is never root."""

    def __init__(self, directory):
        os.makedirs(directory, mode=0o755)
        self.directory, self.port, self.process = directory, free_port(), None
        self.target, self.log = f"127.0.0.1:{self.port}", os.path.join(directory, "log")
        self.cluster = Cluster(os.path.join(directory, "postgres"))
        for name in ("mason", "sessions", "var", "more"):
            self._own(name)
        self.password = secrets.token_urlsafe(16)
        self.config = self._own("site.pm", SITE_CONFIG.format(
            port=self.port, database_port=self.cluster.port, owner=OWNER, directory=directory))
        self.sessions, self.numbers = [], itertools.count(1)

    def start(self):
        self.cluster.start()
        self._make_database()
        with open(self.log, "ab") as log:
            # A group of its own, so that no worker is left when their parent was killed.
            self.process = subprocess.Popen(
                self._command(SERVER, "--host", "127.0.0.1", "--port", str(self.port),
                              "--max-workers", str(MOST_CALLERS), "--max-keepalive-reqs", "1000000",
                              "--keepalive-timeout", "60", "--max-reqs-per-child", "1000000"),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", start_new_session=True)
        wait_until(self._serves, "Request Tracker")
        self.sessions = [self._log_in() for _ in range(MOST_CALLERS)]
        # Also what a worker compiles when it is first asked is behind it then.
        while self._tickets() < KNOWN_TICKETS:
            self.measure("create", MOST_CALLERS, 0, 5)
        self.measure("show", MOST_CALLERS, 0, 2)
        self.measure("list", MOST_CALLERS, 0, 2)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=START_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.cluster.stop()

    def pids(self):
        """The web server, its workers, and its PostgreSQL."""
        own = [self.process.pid, *descendants(self.process.pid)] if self.process else []
        return own + self.cluster.pids()

    def measure(self, what, clients, warmup, seconds):
        requests = {"create": self._create, "show": self._show, "list": self._list}
        return HttpLoop(self.target, self.sessions[:clients], requests[what], self._cpu).run(
            warmup, seconds)

    # --- what is asked ---

    def _create(self):
        number = next(self.numbers)
        return "POST", "/REST/2.0/ticket", ticket(number)

    def _show(self):
        return "GET", f"/REST/2.0/ticket/{random.randint(1, KNOWN_TICKETS)}", None

    def _list(self):
        query = urllib.parse.urlencode({
            "query": "Queue = 'General'", "orderby": "id", "order": "DESC", "per_page": PAGE,
            "fields": "Subject,Status,Created"})
        return "GET", f"/REST/2.0/tickets?{query}", None

    def _log_in(self):
        """As a browser does it; the headers that it sends from then on."""
        connection = http.client.HTTPConnection(self.target, timeout=START_SECONDS)
        try:
            connection.request("POST", "/NoAuth/Login.html", urllib.parse.urlencode(
                {"user": "root", "pass": self.password}),
                {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            answer.read()
            headers = {"Cookie": (answer.getheader("Set-Cookie") or "").partition(";")[0],
                       "Content-Type": "application/json"}
            connection.request("GET", "/REST/2.0/rt", headers=headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise BenchError(f"Request Tracker does not know its own session ({answer.status}); see "
                             + self.log)
        return headers

    # --- what it stands on ---

    def _make_database(self):
        password = self._own("password", self.password + "\n")
        made = subprocess.run(
            self._command(SETUP, "--action", "init", "--dba", OWNER, "--dba-password", "none",
                          "--root-password-file", password),
            capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL)
        os.unlink(password)
        if made.returncode != 0:
            raise BenchError(f"{SETUP}: {(made.stdout + made.stderr).strip()[-1000:]}")

    def _command(self, program, *arguments):
        return self.cluster.as_user(
            ["env", f"RT_SITE_CONFIG={self.config}",
             f"RT_SITE_CONFIG_DIR={os.path.join(self.directory, 'more')}", program, *arguments])

    def _own(self, name, content=None):
        """A directory, or a file with that content, of whom the server runs as, and nobody else's."""
        path = os.path.join(self.directory, name)
        if content is None:
            os.mkdir(path, mode=0o700)
        else:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w",
                      encoding="utf-8") as file:
                file.write(content)
        self.cluster.give_away(path)
        return path

    def _serves(self):
        if self.process.poll() is not None:
            raise BenchError(f"Request Tracker ended with {self.process.returncode}; see {self.log}")
        connection = http.client.HTTPConnection(self.target, timeout=START_SECONDS)
        try:
            connection.request("GET", "/REST/2.0/rt")
            return connection.getresponse().status == 401
        except OSError:
            return False
        finally:
            connection.close()

    def _tickets(self):
        return int(self.cluster.psql("SELECT count(*) FROM tickets", "rt5"))

    def _cpu(self):
        return sum(process_time(pid, True) for pid in self.pids())


def ticket(number):
    """A ticket as large as the record that the other sides store."""
    subject = f"Complaint {number} about a recruiter"
    made = {"Queue": "General", "Subject": subject, "ContentType": "text/plain", "Content": ""}
    made["Content"] = "r" * (RECORD_BYTES - len(json.dumps(made)))
    return json.dumps(made)
