"""An upload that is not what it said, or is not whole, leaves nothing that anyone can see."""

import base64
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import grpc_js  # noqa: E402
from scenario import NodesTest, main, random_request_id, story_filing  # noqa: E402

CHUNK = 256 << 10
CONTENT = b"a payslip of nobody in particular; " * 20000
INTAKE = ("intake", "redress.intake.v1.IntakeService", "UploadEvidence", "caseNumber")
REFERRAL = ("referral", "redress.referral.v1.ReferralService", "UploadReferralEvidence",
            "referralId")


def encoded(content):
    return base64.b64encode(content).decode("ascii")


class RefusedUploadsTest(NodesTest):
    @classmethod
    def load(cls):
        super().load()
        grpc_js.install()

    def upload(self, node, profile, where, target, content=CONTENT, cancel=False, chunk=CHUNK,
               **changes):
        """Uploads past the command, which would never say what `changes` makes of the header."""
        service, name, method, id_field = target
        file = {"kind": "PAYSLIP", "fileName": "slip.jpg", "mediaType": "image/jpeg",
                "sizeBytes": str(len(CONTENT)), "shareable": True,
                "sha256": encoded(hashlib.sha256(CONTENT).digest()), **changes}
        header = {"requestId": random_request_id(), id_field: where, "file": file}
        chunks = [{"chunk": encoded(content[at:at + chunk])}
                  for at in range(0, len(content), chunk)]
        call = {"address": f"127.0.0.1:{self.nodes.ports[node][service]}", "service": name,
                "method": method, "messages": [{"header": header}, *chunks], "cancel": cancel,
                "token": grpc_js.mint(self.nodes, profile)}
        return grpc_js.raw_calls([call])[0]

    def names_in_files(self, node, service):
        folder = os.path.join(self.nodes.data_dir, node, service, "files")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def assert_nothing_stays(self, node, profile, where, target):
        """Each wrong upload is refused, none is listed, and no bytes of it are left behind."""
        before = self.names_in_files(node, target[0])
        flipped = CONTENT[:-1] + b"?"
        wrong = {
            "another digest": ({"content": flipped}, {"DATA_LOSS"}),
            "cut off politely": ({"content": CONTENT[:CHUNK]}, {"INVALID_ARGUMENT"}),
            "cut off": ({"content": CONTENT[:CHUNK], "cancel": True}, {"CANCELLED"}),
            "more than announced": ({"content": CONTENT + b"?"}, {"INVALID_ARGUMENT"}),
            "too large": ({"sizeBytes": str((50 << 20) + 1)}, {"INVALID_ARGUMENT"}),
            "no size": ({"sizeBytes": "0"}, {"INVALID_ARGUMENT"}),
            "no digest": ({"sha256": ""}, {"INVALID_ARGUMENT"}),
            "a chunk too large": ({"chunk": CHUNK + 1}, {"INVALID_ARGUMENT"}),
            "a path for a name": ({"fileName": "../../slip.jpg"}, {"INVALID_ARGUMENT"}),
        }
        for name, (parts, codes) in wrong.items():
            with self.subTest(wrong=name):
                outcome = self.upload(node, profile, where, target, **parts)
                self.assertIn(outcome["code"], codes, outcome["message"])
                self.assertNotIn("slip", outcome["message"])
        self.assertEqual(self.cli.call(profile, "evidence", "list", where).get("files", []), [])
        process = self.nodes.service(node, target[0])
        process.stop()
        process.start()
        self.assertEqual(self.names_in_files(node, target[0]), before)
        self.assertEqual(self.upload(node, profile, where, target)["code"], "OK")
        self.assertEqual(len(self.cli.call(profile, "evidence", "list", where)["files"]), 1)

    def test_a_wrong_upload_to_a_case_leaves_nothing(self):
        case = self.open_case(story_filing("domestic_worker"))
        self.assert_nothing_stays("kh", "kh-desk", case, INTAKE)

    def test_a_wrong_upload_to_a_referral_leaves_nothing(self):
        referral = self.refer(self.open_case(story_filing("domestic_worker")))
        self.delivered(referral)
        self.assert_nothing_stays("my", "my-mtuc", referral, REFERRAL)


if __name__ == "__main__":
    main()
