#include "services/referral/app/resend.h"

#include <utility>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {

exchange::v1::ReferralHead HeadOf(const rows::ReferralRecord& record,
                                  const intake::v1::DisclosedComplaint& complaint,
                                  uint32_t page_count) {
  exchange::v1::ReferralHead head;
  v1::Referral* referral = head.mutable_referral();
  referral->set_referral_id(record.referral_id());
  referral->set_case_number(record.case_number());
  referral->set_home_node(record.home_node());
  referral->set_destination_node(record.destination_node());
  referral->set_receiver_body_id(record.receiver_body_id());
  referral->set_holder_body_id(record.holder_body_id());
  referral->set_urgency(record.dimensions().urgency());
  *referral->mutable_agreement() = record.agreement();
  referral->set_parent_referral_id(record.parent_referral_id());
  referral->set_previous_referral_id(record.previous_referral_id());
  REDRESS_SET_TIME(*referral, sent_at, FromMicros(record.sent_at_micros()));
  *referral->mutable_clock_rules() = record.clock_rules();
  *head.mutable_complaint() = complaint;
  head.set_page_count(page_count);
  return head;
}

Answer<std::vector<OutgoingMessage>> MessagesAgain(const AppParts& parts,
                                                   const LoadedReferral& loaded) {
  absl::StatusOr<rows::ReferralPersonal> personal = OpenPersonal(parts, loaded);
  CO_RETURN_IF_ERROR(personal.status());
  RowRange range{.of = RowRange::Of::kPages,
                 .ref = loaded.ref,
                 .disclosure = loaded.record.disclosure_number()};
  auto pages = co_await parts.repository.ScanAll<PageKey>(std::move(range));
  CO_RETURN_IF_ERROR(pages.status());
  std::vector<OutgoingMessage> messages;
  OutgoingMessage head;
  exchange::v1::ReferralHead* written = head.message.mutable_referral_head();
  *written = HeadOf(loaded.record, personal->complaint(), static_cast<uint32_t>(pages->size()));
  *written->mutable_fact() = ExchangedForm(ToProto(loaded.home.front(), parts.codes));
  if (!loaded.own_evidence.empty()) {
    written->mutable_evidence()->ParseFromString(loaded.own_evidence.front().evidence());
  }
  messages.push_back(std::move(head));
  for (const Found<PageKey>& page : *pages) {
    absl::StatusOr<std::string> bytes =
        parts.repository.Open(*loaded.case_key, page.key, page.row.sealed());
    CO_RETURN_IF_ERROR(bytes.status());
    OutgoingMessage message;
    message.message.ParseFromString(*bytes);
    message.last_part = page.key.page == pages->size();
    messages.push_back(std::move(message));
  }
  absl::StatusOr<std::vector<OutgoingMessage>> facts = FactsAgain(parts, loaded);
  CO_RETURN_IF_ERROR(facts.status());
  for (OutgoingMessage& message : *facts) messages.push_back(std::move(message));
  co_return messages;
}

absl::StatusOr<std::vector<OutgoingMessage>> FactsAgain(const AppParts& parts,
                                                        const LoadedReferral& loaded) {
  std::vector<OutgoingMessage> messages;
  // The evidence goes in the order of its chain, each piece with its fact. Home's first ones go
  // with the head.
  const std::vector<Fact>& own = loaded.ref.side == Side::kHome ? loaded.home : loaded.destination;
  const size_t first = loaded.ref.side == Side::kHome ? 1 : 0;
  size_t next = first;
  auto send_facts = [&](uint32_t up_to, const rows::EvidenceRecord* evidence) {
    for (; next < own.size() && own[next].number <= up_to; ++next) {
      OutgoingMessage message;
      exchange::v1::FactMessage* fact = message.message.mutable_fact();
      fact->set_referral_id(loaded.record.referral_id());
      *fact->mutable_fact() = ExchangedForm(ToProto(own[next], parts.codes));
      if (evidence != nullptr && own[next].number == up_to) {
        fact->add_evidence()->ParseFromString(evidence->evidence());
      }
      message.fact_number = own[next].number;
      messages.push_back(std::move(message));
    }
  };
  for (size_t i = first; i < loaded.own_evidence.size(); ++i) {
    const std::optional<v1::EvidenceStatement> statement = StatementOf(loaded.own_evidence[i]);
    if (!statement) return absl::DataLossError("stored evidence cannot be read");
    if (statement->fact_number() != 0) {
      send_facts(statement->fact_number(), &loaded.own_evidence[i]);
      continue;
    }
    OutgoingMessage message;
    message.message.mutable_evidence()->set_referral_id(loaded.record.referral_id());
    message.message.mutable_evidence()->add_evidence()->ParseFromString(
        loaded.own_evidence[i].evidence());
    messages.push_back(std::move(message));
  }
  send_facts(UINT32_MAX, nullptr);
  return messages;
}

}  // namespace redress::referral
