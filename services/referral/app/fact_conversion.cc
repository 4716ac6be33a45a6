#include "services/referral/app/fact_conversion.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>

#include "fmt/format.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/money/money.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

template <class NameType>
NameType ReadName(std::string_view text, const std::string& field, FieldViolations& violations) {
  if (text.empty()) return NameType();
  return violations.Read(NameType::Parse(text, field));
}

// InfinitePast when absent.
absl::Time ReadTime(bool present, const google::protobuf::Timestamp& timestamp,
                    const std::string& field, FieldViolations& violations) {
  if (!present) return absl::InfinitePast();
  if (!IsInstant(timestamp)) violations.Add(field, "is no instant of the years 1 to 9999");
  return ToTime(timestamp);
}

MemberTerms ReadTerms(const v1::MemberTerms& terms, const std::string& field, const IsoCodes& codes,
                      FieldViolations& violations) {
  MemberTerms read;
  read.member = ReadName<MemberId>(terms.member_id(), field + ".member_id", violations);
  read.remedies.assign(terms.remedies().begin(), terms.remedies().end());
  for (int i = 0; i < terms.amounts_size(); ++i) {
    const common::v1::Money& money = terms.amounts(i);
    absl::StatusOr<MoneyAmount> amount = ParseMoney(money.currency_code(), money.amount(), codes);
    if (!amount.ok()) {
      violations.Add(fmt::format("{}.amounts[{}]", field, i),
                     std::string(amount.status().message()));
    } else if (amount->minor_units > 0) {
      read.amounts.push_back(*std::move(amount));
    }
  }
  return read;
}

void ReadSimpleDetails(const v1::Fact& from, Fact& to, FieldViolations& violations) {
  if (from.has_sent()) {
    to.details = SentDetails{
        ReadName<BodyId>(from.sent().receiver_body_id(), "fact.sent.receiver_body_id", violations),
        from.sent().urgency(), from.sent().member_count()};
  } else if (from.has_delivered()) {
    to.details = DeliveredDetails{REDRESS_GET_TIME(from.delivered(), arrived_at),
                                  from.delivered().head_sha256()};
  } else if (from.has_silence()) {
    to.details =
        SilenceDetails{REDRESS_GET_TIME(from.silence(), due_at), from.silence().link_drained(),
                       REDRESS_GET_TIME(from.silence(), peer_heard_at)};
  } else if (from.has_acknowledged()) {
    to.details = AcknowledgedDetails{from.acknowledged().focal_point_id()};
  } else if (from.has_accepted()) {
    to.details =
        AcceptedDetails{from.accepted().focal_point_id(), from.accepted().receiver_reference()};
  } else if (from.has_declined()) {
    DeclinedDetails declined;
    for (const std::string& body : from.declined().suggested_body_ids()) {
      declined.suggested.push_back(
          ReadName<BodyId>(body, "fact.declined.suggested_body_ids", violations));
    }
    to.details = std::move(declined);
  } else if (from.has_information_answer()) {
    const v1::InformationAnswerDetails& answer = from.information_answer();
    InformationAnswerDetails read{
        answer.question_number(), answer.answer(), answer.disclosure_number(), {}};
    for (const std::string& file : answer.evidence_ids()) {
      read.files.push_back(
          ReadName<RandomId>(file, "fact.information_answer.evidence_ids", violations));
    }
    to.details = std::move(read);
  } else if (from.has_hold()) {
    to.details = HoldDetails{Date::Parse(from.hold().until_date())};
  } else if (from.has_recall()) {
    to.details = RecallDetails{from.recall().erasure_required()};
  }
}

void ReadForward(const v1::ForwardDetails& from, Fact& to, FieldViolations& violations) {
  ForwardDetails forward;
  forward.to = ReadName<BodyId>(from.to_body_id(), "fact.forward.to_body_id", violations);
  if (!from.child_referral_id().empty()) {
    absl::StatusOr<ReferralId> child =
        ReferralId::Parse(from.child_referral_id(), "fact.forward.child_referral_id");
    if (child.ok()) {
      forward.child = *std::move(child);
    } else {
      violations.Add("fact.forward.child_referral_id", std::string(child.status().message()));
    }
  }
  to.details = std::move(forward);
}

void ReadDetails(const v1::Fact& from, const IsoCodes& codes, Fact& to,
                 FieldViolations& violations) {
  if (from.has_information_request()) {
    to.details = FromProto(from.information_request(), violations);
  } else if (from.has_forward()) {
    ReadForward(from.forward(), to, violations);
  } else if (from.has_step()) {
    to.details = FromProto(from.step(), violations);
  } else if (from.has_proposal()) {
    to.details = FromProto(from.proposal(), codes, violations);
  } else if (from.has_outcome()) {
    to.details = FromProto(from.outcome(), codes, violations);
  } else if (from.has_proposal_answer()) {
    ProposalAnswerDetails read;
    read.proposal_number = from.proposal_answer().proposal_number();
    read.members_left = from.proposal_answer().members_left();
    for (const v1::MemberAnswer& answer : from.proposal_answer().answers()) {
      read.answers.push_back(
          {ReadName<MemberId>(answer.member_id(), "fact.proposal_answer.answers", violations),
           answer.accepted()});
    }
    to.details = std::move(read);
  } else {
    ReadSimpleDetails(from, to, violations);
  }
}

}  // namespace

absl::StatusOr<Fact> FromProto(const v1::Fact& fact, const IsoCodes& codes) {
  FieldViolations violations;
  Fact to;
  if (!IsKnownFactKind(static_cast<uint32_t>(fact.kind()))) {
    return InvalidField("fact.kind", "a kind of fact that is not known here");
  }
  to.kind = static_cast<FactKind>(fact.kind());
  if (fact.side() != static_cast<v1::Side>(to.side())) {
    violations.Add("fact.side", "is not the side that writes this kind");
  }
  to.number = fact.number();
  to.seen = fact.seen_number();
  to.occurred_at = REDRESS_GET_TIME(fact, occurred_at);
  to.actor.node = ReadName<NodeId>(fact.actor().node_id(), "fact.actor.node_id", violations);
  to.actor.body = ReadName<BodyId>(fact.actor().body_id(), "fact.actor.body_id", violations);
  to.actor.person = ReadName<PersonId>(fact.person_id(), "fact.person_id", violations);
  to.actor.role = fact.actor().role();
  if (fact.has_instruction()) to.actor.instruction = Deterministic(fact.instruction());
  to.reason = fact.reason();
  to.note = fact.note();
  ReadDetails(fact, codes, to, violations);
  if (!violations.empty()) return violations.ToStatus();
  return to;
}

v1::Fact ExchangedForm(v1::Fact fact) {
  fact.clear_person_id();
  return fact;
}

std::string FactBytes(const v1::Fact& fact) { return Deterministic(fact); }

std::string FactDigest(const v1::Fact& fact) {
  return crypto::Sha256::Of(Deterministic(ExchangedForm(fact)));
}

GroupTerms TermsFromProto(const google::protobuf::RepeatedPtrField<v1::MemberTerms>& members,
                          const v1::MemberTerms* for_each_other, std::string_view field,
                          const IsoCodes& codes, FieldViolations& violations) {
  GroupTerms terms;
  if (members.size() > static_cast<int>(GroupTerms::kMaxNamed)) {
    violations.Add(fmt::format("{}.members", field), "names more than 1000 members");
    return terms;
  }
  for (int i = 0; i < members.size(); ++i) {
    terms.members.push_back(
        ReadTerms(members[i], fmt::format("{}.members[{}]", field, i), codes, violations));
  }
  if (for_each_other != nullptr) {
    terms.for_each_other =
        ReadTerms(*for_each_other, fmt::format("{}.for_each_other", field), codes, violations);
  }
  return terms;
}

ProposalDetails FromProto(const v1::ProposalDetails& details, const IsoCodes& codes,
                          FieldViolations& violations) {
  ProposalDetails to;
  to.proposal_number = details.proposal_number();
  to.terms = TermsFromProto(details.members(),
                            details.has_for_each_other() ? &details.for_each_other() : nullptr,
                            "proposal", codes, violations);
  to.payer = details.payer();
  to.conditions = details.conditions();
  to.answer_by = REDRESS_GET_TIME(details, answer_by);
  return to;
}

OutcomeDetails FromProto(const v1::OutcomeDetails& details, const IsoCodes& codes,
                         FieldViolations& violations) {
  OutcomeDetails to;
  to.terms = TermsFromProto(details.members(),
                            details.has_for_each_other() ? &details.for_each_other() : nullptr,
                            "outcome", codes, violations);
  to.awarded = details.awarded();
  to.sanction = details.sanction();
  to.summary = details.summary();
  if (!details.due_date().empty()) {
    to.due = Date::Parse(details.due_date());
    if (!to.due || !to.due->whole()) {
      violations.AddValue("outcome.due_date", details.due_date(), "a date YYYY-MM-DD");
    }
  }
  return to;
}

InformationRequestDetails FromProto(const v1::InformationRequestDetails& details,
                                    FieldViolations& violations) {
  InformationRequestDetails to;
  to.question_number = details.question_number();
  for (int i = 0; i < details.items_size(); ++i) {
    const v1::InformationItem& item = details.items(i);
    to.items.push_back(
        {static_cast<uint32_t>(item.field_group()), item.question(),
         ReadName<MemberId>(item.member_id(), fmt::format("items[{}].member_id", i), violations)});
  }
  to.answer_by = REDRESS_GET_TIME(details, answer_by);
  return to;
}

StepDetails FromProto(const v1::StepDetails& details, FieldViolations& violations) {
  StepDetails to;
  to.kind = details.kind();
  to.held_at = ReadTime(details.has_held_at(), details.held_at(), "step.held_at", violations);
  to.place = details.place();
  to.announced = details.announced();
  to.summary = details.summary();
  for (int i = 0; i < details.notices_size(); ++i) {
    const v1::HearingNotice& notice = details.notices(i);
    const std::string at = fmt::format("step.notices[{}]", i);
    to.notices.push_back(
        {notice.party(), ReadName<MemberId>(notice.member_id(), at + ".member_id", violations),
         ReadTime(notice.has_notified_at(), notice.notified_at(), at + ".notified_at", violations),
         notice.channel(), notice.attended()});
  }
  to.next_date =
      ReadTime(details.has_next_date(), details.next_date(), "step.next_date", violations);
  for (const std::string& file : details.evidence_ids()) {
    to.files.push_back(ReadName<RandomId>(file, "step.evidence_ids", violations));
  }
  return to;
}

absl::StatusOr<EvidenceStatement> FromProto(const v1::EvidenceStatement& statement) {
  FieldViolations violations;
  EvidenceStatement to;
  absl::StatusOr<ReferralId> referral = ReferralId::Parse(statement.referral_id(), "referral_id");
  if (!referral.ok()) return referral.status();
  to.referral = *std::move(referral);
  if (statement.kind() < v1::EVIDENCE_KIND_SUBMISSION ||
      statement.kind() > v1::EVIDENCE_KIND_ERASURE) {
    return InvalidField("kind", "a kind of evidence that is not known here");
  }
  to.kind = static_cast<EvidenceKind>(statement.kind());
  to.issuer = ReadName<NodeId>(statement.issuer_node(), "issuer_node", violations);
  to.number = statement.number();
  to.occurred_at = REDRESS_GET_TIME(statement, occurred_at);
  to.subject_digest = statement.subject_digest();
  to.previous_digest = statement.previous_digest();
  to.accepted = statement.accepted();
  to.reason = statement.reason();
  to.fact_number = statement.fact_number();
  if (!violations.empty()) return violations.ToStatus();
  return to;
}

}  // namespace redress::referral
