"""Who may not call is refused at every method of every service, and learns nothing by it."""

import base64
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import grpc_js  # noqa: E402
from scenario import (NodesTest, Person, case_that_was_never_filed, main,  # noqa: E402
                      random_request_id, story_filing)

SERVICES = {"redress.intake.v1.IntakeService": "intake",
            "redress.referral.v1.ReferralService": "referral",
            "redress.referral.v1.DirectoryService": "referral",
            "redress.status.v1.StatusService": "status"}
EXCHANGE = "redress.exchange.v1.ExchangeService"

# Everybody may look bodies and agreements up.
LOOKED_UP_BY_ALL = {"GetBody", "ListBodies", "GetAgreement", "ListAgreements"}
# What each of these roles may call beside that; all else is denied to it.
MAY_CALL = {
    "kiosk": {"TrackByReceipt"},
    "statistics": {"CountCases"},
    "auditor": {"GetReferral", "ListReferrals", "GetPosting", "ListPostings", "GetCaseStatus",
                "ListCases", "GetTimeline", "WatchCases", "CountCases"},
    "admin": {"PutBody", "PutAgreement", "PutPosting", "GetPosting", "ListPostings",
              "RequeueReferral"},
}
SERVICE_ONLY = {"DiscloseComplaint", "SettleDisclosure", "ReadEvents"}


class RefusedCallersTest(NodesTest):
    PEOPLE = (Person("kh-statistics", "kh", "counting", "kh:mlvt", ["statistics"]),
              Person("kh-auditor", "kh", "audit", "kh:mlvt", ["auditor"]),
              Person("kh-other-desk", "kh", "other", "kh:lscw", ["desk"]))

    @classmethod
    def load(cls):
        super().load()
        grpc_js.install()
        cls.methods = [(service, method) for service, names in grpc_js.methods().items()
                       for method in names]

    def call_of(self, service, method, **parts):
        port = self.nodes.ports["kh"][SERVICES.get(service, "referral")]
        return {"address": f"127.0.0.1:{port}", "service": service, "method": method, **parts}

    def token(self, profile):
        return grpc_js.mint(self.nodes, profile)

    def key_file(self, name):
        return os.path.join(self.nodes.data_dir, "keys", name + ".key")

    def at_every_method(self, **parts):
        """{method: outcome} of an empty request to each."""
        chosen = [pair for pair in self.methods if pair[0] != EXCHANGE]
        self.assertGreater(len(chosen), 60)
        outcomes = grpc_js.raw_calls([self.call_of(*pair, **parts) for pair in chosen])
        return {f"{service}/{method}": outcome
                for (service, method), outcome in zip(chosen, outcomes)}

    def assert_all(self, outcomes, code, reason):
        for method, outcome in outcomes.items():
            self.assertEqual(outcome["code"], code, method)
            self.assertEqual(outcome["answers"], [], method)
            self.assertIn(reason, self.reasons(outcome), method)

    @staticmethod
    def reasons(outcome):
        return b"".join(base64.b64decode(part) for part in outcome["details"]).decode("latin-1")

    def test_without_a_token_no_method_answers(self):
        self.assert_all(self.at_every_method(), "UNAUTHENTICATED", "TOKEN_")

    def test_without_a_deadline_no_method_answers(self):
        outcomes = self.at_every_method(token=self.token("kh-ministry"), deadline=False)
        self.assert_all(outcomes, "INVALID_ARGUMENT", "DEADLINE_MISSING")

    def test_an_expired_token_opens_no_method(self):
        sign = {"keyFile": self.key_file("kh-ministry"),
                "claims": {"iat": 1700000000, "exp": 1700000600}}
        outcomes = self.at_every_method(token=self.token("kh-ministry"), sign=sign)
        self.assert_all(outcomes, "UNAUTHENTICATED", "TOKEN_EXPIRED")

    def test_a_token_that_is_not_this_nodes_own_is_refused_saying_why(self):
        token = self.token("kh-ministry")
        own = self.key_file("kh-ministry")
        stranger = os.path.join(self.directory, "stranger.key")
        self.nodes._redress("token", "keygen", stranger)  # pylint: disable=protected-access
        head, body, signature = token.split(".")
        wrong = {
            "UNKNOWN_KEY": {"token": self.token("my-mtuc")},
            "AUDIENCE": {"token": token, "sign": {"keyFile": own, "claims": {"aud": "my"}}},
            "ISSUER": {"token": token, "sign": {"keyFile": own, "claims": {"iss": "my"}}},
            "CLAIM_NOT_PERMITTED": {"token": token, "sign": {"keyFile": own,
                                                            "claims": {"roles": ["service"]}}},
            "LIFETIME": {"token": token, "sign": {"keyFile": own, "claims": {"exp": 4000000000}}},
            "SIGNATURE": {"token": f"{head}.{body}.{signature[::-1]}"},
            "MALFORMED": {"token": "a.b"},
        }
        calls = [self.call_of("redress.intake.v1.IntakeService", "ListComplaints", **parts)
                 for parts in wrong.values()]
        calls.append(self.call_of("redress.intake.v1.IntakeService", "ListComplaints", token=token,
                                  sign={"keyFile": stranger, "claims": {}}))
        for cause, outcome in zip([*wrong, "UNKNOWN_KEY"], grpc_js.raw_calls(calls)):
            with self.subTest(cause=cause):
                self.assertEqual(outcome["code"], "UNAUTHENTICATED")
                self.assertIn(cause, self.reasons(outcome))

    def test_each_role_is_denied_every_method_that_is_not_its_own(self):
        for role, own in MAY_CALL.items():
            outcomes = self.at_every_method(token=self.token("kh-" + role))
            for method, outcome in outcomes.items():
                with self.subTest(role=role, method=method):
                    if method.rsplit("/", 1)[1] in own | LOOKED_UP_BY_ALL:
                        self.assertNotIn(outcome["code"], ("PERMISSION_DENIED", "UNAUTHENTICATED"))
                    else:
                        self.assertEqual(outcome["code"], "PERMISSION_DENIED")
                        self.assertIn("ROLE_NOT_ALLOWED", self.reasons(outcome))

    def test_what_is_for_services_is_denied_to_people(self):
        token = self.token("kh-ministry")
        calls = [self.call_of(*pair, token=token) for pair in self.methods
                 if pair[1] in SERVICE_ONLY]
        self.assertEqual(len(calls), 4)
        for outcome in grpc_js.raw_calls(calls):
            self.assertEqual(outcome["code"], "PERMISSION_DENIED")

    def test_no_token_opens_the_methods_of_peers_to_a_person(self):
        token = self.token("kh-ministry")
        calls = [self.call_of(*pair, token=token) for pair in self.methods if pair[0] == EXCHANGE]
        self.assertGreaterEqual(len(calls), 2)
        for outcome in grpc_js.raw_calls(calls):
            self.assertEqual(outcome["code"], "PERMISSION_DENIED")
            self.assertIn("PEER_NOT_PINNED", self.reasons(outcome))

    def foreign_and_absent(self, service, method, foreign, absent, profile):
        token = self.token(profile)
        calls = [self.call_of(service, method, token=token, messages=[request])
                 for request in (foreign, absent)]
        seen, missing = grpc_js.raw_calls(calls)
        self.assertEqual(seen["code"], "NOT_FOUND", method)
        self.assertEqual(seen, missing, method)

    def test_foreign_and_absent_are_answered_byte_for_byte_alike(self):
        case = self.open_case(story_filing("domestic_worker"))
        referral = self.refer(case)
        self.cli.wait(lambda a: True, "kh-ministry", "status", "show", case)
        never = case_that_was_never_filed()
        self.assert_refused("NOT_FOUND", "kh-ministry", "complaint", "show", never)
        more = {"requestId": random_request_id(), "etag": "1"}
        intake, status = "redress.intake.v1.IntakeService", "redress.status.v1.StatusService"
        for method, extra in (("GetComplaint", {}), ("ListGroupMembers", {}), ("ListEvidence", {}),
                              ("ListMoney", {}),
                              ("DownloadEvidence", {"evidenceId": "0" * 26})):
            self.foreign_and_absent(intake, method, {"caseNumber": case, **extra},
                                    {"caseNumber": never, **extra}, "kh-other-desk")
        amend = {**more, "changed": {"sector": "CARE"}, "paths": ["sector"], "reason": "asked"}
        withdraw = {**more, "reason": "VOLUNTARY",
                    "instruction": {"how": "PHONE", "givenOn": "2026-11-20"}}
        for method, request in (("AmendComplaint", amend), ("WithdrawComplaint", withdraw)):
            token = self.token("kh-other-desk")
            seen, missing = grpc_js.raw_calls(
                [self.call_of(intake, method, token=token, messages=[{**request, "caseNumber": of}])
                 for of in (case, never)])
            self.assertEqual(seen, missing, method)
            self.assertNotEqual(seen["code"], "OK")
        for method in ("GetCaseStatus", "GetTimeline"):
            self.foreign_and_absent(status, method, {"caseNumber": case}, {"caseNumber": never},
                                    "kh-other-desk")
        for method in ("GetReferral", "ListReferralEvidence"):
            self.foreign_and_absent("redress.referral.v1.ReferralService", method,
                                    {"referralId": referral}, {"referralId": never + "/R1"},
                                    "kh-other-desk")


if __name__ == "__main__":
    main()
