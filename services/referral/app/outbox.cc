#include "services/referral/app/outbox.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/crypto/sealed.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

using exchange::v1::Message;

std::string SealContext(const std::string& message_id) { return "outbox/" + message_id; }

rows::OutboxRecord NewRow(const AppParts& parts, const Message& message, const std::string& body) {
  rows::OutboxRecord row;
  row.set_message_id(NewRandomId(parts.random).ToString());
  row.set_kind(KindOf(message));
  row.set_created_at_micros(ToMicros(parts.clock.Now()));
  row.set_body_sha256(crypto::Sha256::Of(body));
  return row;
}

}  // namespace

exchange::v1::MessageKind KindOf(const Message& message) {
  // The numbers of the oneof and of the enum are the same, in the same order.
  return static_cast<exchange::v1::MessageKind>(message.kind_case());
}

absl::StatusOr<std::string> OutboxRow(const AppParts& parts, const ReferralRef& ref,
                                      const crypto::CaseKey& case_key,
                                      const OutgoingMessage& outgoing) {
  std::string body = Deterministic(outgoing.message);
  if (body.size() > kMaxMessageBytes) {
    return absl::ResourceExhaustedError(fmt::format("a message of {} bytes is over the limit of {}",
                                                    body.size(), kMaxMessageBytes));
  }
  rows::OutboxRecord row = NewRow(parts, outgoing.message, body);
  row.set_referral_id(ref.id.ToString());
  row.set_case_number(ref.id.case_number().ToString());
  row.set_fact_number(outgoing.fact_number);
  row.set_expires_at_micros(ToMicros(outgoing.expires));
  row.set_local_side(static_cast<int32_t>(ref.side));
  row.set_last_part(outgoing.last_part);
  if (outgoing.message.has_member_page()) {
    Message reference = outgoing.message;
    reference.mutable_member_page()->clear_members();
    body = Deterministic(reference);
  }
  row.set_sealed(
      crypto::Seal(case_key.records(), body, SealContext(row.message_id()), parts.random));
  return row.SerializeAsString();
}

std::string DirectoryOutboxRow(const AppParts& parts, const Message& message) {
  std::string body = Deterministic(message);
  rows::OutboxRecord row = NewRow(parts, message, body);
  row.set_sealed(std::move(body));
  return row.SerializeAsString();
}

Answer<std::string> OutboxBody(const AppParts& parts, const rows::OutboxRecord& row) {
  if (row.case_number().empty()) co_return row.sealed();
  absl::StatusOr<ReferralId> id = ReferralId::Parse(row.referral_id(), "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  absl::StatusOr<CaseKeyPointer> case_key =
      co_await parts.repository.FindCaseKey(id->case_number());
  CO_RETURN_IF_ERROR(case_key.status());
  if (*case_key == nullptr) co_return absl::DataLossError("the case of a message has no key");
  absl::StatusOr<std::string> body =
      crypto::Open((*case_key)->records(), row.sealed(), SealContext(row.message_id()));
  CO_RETURN_IF_ERROR(body.status());
  if (row.kind() != exchange::v1::MESSAGE_KIND_MEMBER_PAGE) co_return body;

  Message reference;
  if (!reference.ParseFromString(*body)) co_return absl::DataLossError("a message is damaged");
  const ReferralRef ref{static_cast<Side>(row.local_side()), *id};
  PageKey key{ref, reference.member_page().disclosure_number(), reference.member_page().page()};
  const RowKey row_key = key;
  auto page = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(page.status());
  if (!page->has_value()) co_return absl::DataLossError("a page of members is missing");
  co_return parts.repository.Open(**case_key, row_key, (*page)->row.sealed());
}

}  // namespace redress::referral
