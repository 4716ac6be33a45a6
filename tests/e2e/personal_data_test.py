"""What was said in confidence is found in no log, metric, error, file name or store of any service."""

import copy
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import BIN, NodesTest, Refused, main, random_request_id, story_filing  # noqa: E402
from local_nodes import SERVICES  # noqa: E402

# Each stands nowhere else, and is looked for in every place that is not sealed.
NAME, PHONE, STORY = "Qwyzzick Vrandelmoth", "+85500099133577", "zhubblefrock"
EMPLOYER, NOTE, QUESTION = "Trillopskin Haverbrough", "gnarvelstoup", "plimwhistle"
ANSWER, SUMMARY, FILE_NAME = "drovelqueen", "snorvinghale", "jhexxabout-payslip"
PASSPORT, FILE_WORDS, PLACE = "N00XQ77319", b"frumblewicket wages", "Vlothmoor Jetty"
KHMER, AMENDED = "ឈ្មោះសម្ងាត់", "yardlebrisk"
SEEDED = (NAME, PHONE, STORY, EMPLOYER, NOTE, QUESTION, ANSWER, SUMMARY, FILE_NAME, PASSPORT,
          FILE_WORDS.decode(), PLACE, KHMER, AMENDED)


def forms(text):
    """How a text may lie in a file: as UTF-8, as UTF-16, and escaped in JSON."""
    escaped = json.dumps(text)[1:-1]
    return {text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be"),
            escaped.encode("ascii")}


NEEDLES = {form: text for text in SEEDED for form in forms(text)}


class PersonalDataTest(NodesTest):
    def setUp(self):
        self.errors = []

    def refused(self, *call, text=None):
        with self.assertRaises(Refused) as caught:
            self.cli.call(*call, text=text)
        self.errors.append(caught.exception.error)

    def seeded_filing(self):
        filing = story_filing("domestic_worker")
        complaint, complainant = filing["complaint"], filing["members"][0]["complainant"]
        complaint["narrative"] = f"{STORY} {KHMER} at {PLACE}"
        complaint["respondents"][0]["name"] = EMPLOYER
        complainant["name"] = NAME
        complainant["safeContact"] = {"method": "PHONE", "address": PHONE}
        complainant["identityDocuments"] = [{"type": "PASSPORT", "number": PASSPORT,
                                             "issuingCountry": "KH", "heldBy": "EMPLOYER"}]
        return filing

    def refuse_filings(self, filing):
        """Filings that are wrong in one way each, and otherwise full of what must not be repeated."""
        def wrong(change, reason="INVALID_ARGUMENT"):
            spoilt = copy.deepcopy(filing)
            change(spoilt)
            self.refused("kh-desk", "complaint", "file", "-", text=json.dumps(spoilt))
            self.assertIn(reason, self.errors[-1])

        wrong(lambda f: f["complaint"].update(narrative=(STORY + " ") * 6000))
        wrong(lambda f: f["complaint"].update(sector=STORY.upper()))
        # Who types something else into the place of a code is told what was seen; nobody else is.
        wrong(lambda f: f["members"][0]["complainant"].update(nationality=PASSPORT))
        self.assertIn("nationality", self.errors.pop())
        wrong(lambda f: f["members"][0]["complainant"]["safeContact"].update(method="PIGEON"))
        wrong(lambda f: f["members"][0]["claimLines"][0]["claimed"].update(amount="many"))
        mark = random_request_id()
        self.file_case(story_filing("fishing_crew"), mark)
        self.refused("kh-desk", "--request-id", mark, "complaint", "file", "-",
                     text=json.dumps(filing))

    def walk(self):
        """The verbs of the story with seeded words in every place that takes words."""
        filing = self.seeded_filing()
        self.refuse_filings(filing)
        case = self.open_case(filing)
        self.cli.call("kh-desk", "complaint", "amend", case, "--path", "narrative", "--set",
                      json.dumps({"narrative": f"{AMENDED} {STORY}"}), "--reason", NOTE)
        path = os.path.join(self.directory, FILE_NAME + ".txt")
        with open(path, "wb") as file:
            file.write(FILE_WORDS * 20000)
        self.cli.call("kh-desk", "evidence", "add", case, path, "--kind", "PAYSLIP",
                      "--description", STORY, "--original-at", PLACE)
        self.cli.call("kh-ministry", "complaint", "similar", case)
        referral = self.refer(case, "my:mtuc", "--note", NOTE)
        self.delivered(referral)
        self.cli.wait(lambda a: any(row["state"] == "FILE_STATE_WHOLE"
                                    for row in a.get("files", [])),
                      "my-mtuc", "evidence", "list", referral)
        # It did arrive: nothing found below is then not because nothing was there.
        self.assertIn(NAME, json.dumps(self.cli.call("my-mtuc", "referral", "show", referral),
                                       ensure_ascii=False))
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point",
                      self.focal_point(), "--note", NOTE)
        asked = self.cli.call("my-mtuc", "referral", "ask", referral, "--question", QUESTION,
                              "--about", "MONEY")
        self.cli.referral_state("kh-ministry", referral, "INFO_REQUESTED")
        self.cli.call("kh-ministry", "referral", "answer", referral, "--question",
                      asked["questionNumber"], "--text", ANSWER, "--with-disclosure")
        self.cli.referral_state("my-mtuc", referral, "ACCEPTED")
        self.refused("my-mtuc", "referral", "step", referral, "--kind", STORY.upper(), "--summary",
                     SUMMARY, "--at", "2026-11-02 10:00")
        self.cli.call("my-mtuc", "referral", "step", referral, "--kind", "NEGOTIATION", "--at",
                      "2026-11-02 10:00", "--place", PLACE, "--summary", SUMMARY)
        self.refused("my-mtuc", "referral", "decline", referral, "--reason", "OTHER")
        self.refused("my-mtuc", "referral", "resume", referral)
        self.refused("my-tenaganita", "referral", "decline", referral, "--reason", "NO_CAPACITY",
                     "--note", NOTE)
        member = self.cli.call("kh-desk", "complaint", "members", case)["members"][0]["memberId"]
        self.cli.call("my-mtuc", "money", "record", referral, "--kind", "PAID", "--amount", "10.00",
                      "--currency", "MYR", "--on", "2026-11-16", "--member", member, "--from",
                      EMPLOYER, "--note", NOTE)
        self.cli.call("my-mtuc", "referral", "conclude", referral, "--reason", "OTHER", "--note",
                      NOTE, "--outcome", "{}")
        self.cli.referral_state("kh-ministry", referral, "UNRESOLVED")
        self.cli.wait(lambda a: a["status"]["summary"].get("referralState") ==
                      "REFERRAL_STATE_UNRESOLVED", "kh-ministry", "status", "show", case)
        self.import_bad_lines(filing)
        return case

    def import_bad_lines(self, filing):
        spoilt = copy.deepcopy(filing)
        spoilt["complaint"]["corridor"]["destination"] = "ZZ"
        path = os.path.join(self.directory, "lines.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(spoilt) + "\n")
        run = subprocess.run([os.path.join(BIN, "redress"), "--profiles",
                              self.nodes.profiles_dir(), "--profile", "kh-desk", "complaint",
                              "import", path], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 1)
        self.errors.append(run.stdout + run.stderr)

    def scraped(self):
        texts = {}
        for node in self.NODES:
            for service in SERVICES:
                texts[f"metrics of {node} {service}"] = self.nodes.service(node, service).metrics().encode()
        return texts

    def assert_clean(self, place, content):
        for needle, text in NEEDLES.items():
            self.assertNotIn(needle, content, f"{text!r} stands in {place}")

    def rows_of(self, node, service):
        """All bytes of all rows of a stopped service's store: its files hold them compressed."""
        run = subprocess.run([os.path.join(BIN, "redress-storedump"), "--raw", "--service", service,
                              os.path.join(self.nodes.data_dir, node, service, "store")],
                             capture_output=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_nothing_seeded_is_found_outside_of_what_is_sealed(self):
        case = self.walk()
        metrics = self.scraped()
        self.nodes.stop()
        for place, content in metrics.items():
            self.assertIn(b"redress_", content)
            self.assert_clean(place, content)
        for number, error in enumerate(self.errors):
            self.assert_clean(f"refusal {number}", error.encode("utf-8"))
        for node in self.NODES:
            for service in SERVICES:
                rows = self.rows_of(node, service)
                # What is not sealed does show.
                if node == "kh":
                    self.assertIn(case.encode("ascii"), rows)
                self.assert_clean(f"the rows of {node} {service}", rows)
        stores, logs = 0, 0
        for node in self.NODES:
            for folder, _, names in os.walk(os.path.join(self.nodes.data_dir, node)):
                for name in names:
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        content = file.read()
                    self.assert_clean("the name of " + path, path.encode("utf-8"))
                    self.assert_clean(path, content)
                    stores += name.endswith((".log", ".sst")) and bool(content)
                    logs += name == "log" and bool(content)
        self.assertGreaterEqual(stores, 6)
        self.assertEqual(logs, 6)


if __name__ == "__main__":
    main()
