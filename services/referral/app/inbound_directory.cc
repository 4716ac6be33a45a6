// Directory entries of the peer: copies, replaced only by a higher version from their owner.
#include <utility>

#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/inbound_message.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

// How an offered version fares against what is held; nullopt when it may replace it.
std::optional<Effect> Fares(const Provenance* held, const Provenance& offered,
                            const std::string& peer) {
  if (held != nullptr && held->version == offered.version && held->owner == offered.owner) {
    return Effect::Duplicate();
  }
  absl::Status status = CheckReplacement(held, offered, NodeId::FromTrusted(peer));
  if (status.ok()) return std::nullopt;
  const std::optional<Refusal> refusal = GetRefusal(status);
  if (refusal && refusal->reason == "OWNED_BY_ANOTHER_NODE") return Effect::Refused("NOT_OWNER");
  return Effect::Refused("VERSION_NOT_HIGHER");
}

}  // namespace

Answer<Effect> TakeBody(InboundMessage& in) {
  const v1::Body& offered = in.message.body().body();
  FieldViolations violations;
  Body body = FromProto(offered, violations);
  // Held against the owner's day: a body is not refused because this node's clock is behind.
  const Date owners_day = DateOf(body.provenance.changed_at);
  if (!violations.empty() || !ValidateBody(body, in.parts.codes, owners_day).ok()) {
    co_return Effect::Refused("MALFORMED");
  }
  if (NodeOf(body.body_id).ToString() != in.peer || body.provenance.owner.ToString() != in.peer) {
    co_return Effect::Refused("NOT_OWNER");
  }
  const BodyKey key{body.body_id};
  BodyKey wanted = key;
  auto held = co_await in.parts.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  std::optional<Body> before;
  if (held->has_value()) before = FromProto((*held)->row.body(), violations);
  std::optional<Effect> fares =
      Fares(before ? &before->provenance : nullptr, body.provenance, in.peer);
  if (fares) co_return *std::move(fares);
  rows::BodyRecord row;
  *row.mutable_body() = offered;
  row.set_recorded_at_micros(ToMicros(in.parts.clock.Now()));
  in.parts.repository.ExpectVersion(in.changes, key, held->has_value() ? (*held)->version : 0);
  in.parts.repository.Put(in.changes, key, row);
  in.changes.AppendEvent(BodyEvent(in.parts, offered).SerializeAsString());
  co_return Effect::Accepted();
}

Answer<Effect> TakePosting(InboundMessage& in) {
  const v1::Posting& offered = in.message.posting().posting();
  FieldViolations violations;
  Posting posting = FromProto(offered, violations);
  if (!violations.empty() || !ValidatePosting(posting, in.parts.codes).ok()) {
    co_return Effect::Refused("MALFORMED");
  }
  if (posting.posting_id.rfind(in.peer + ":", 0) != 0 ||
      posting.provenance.owner.ToString() != in.peer) {
    co_return Effect::Refused("NOT_OWNER");
  }
  const PostingKey key{posting.posting_id};
  PostingKey wanted = key;
  auto held = co_await in.parts.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  std::optional<Posting> before;
  if (held->has_value()) before = FromProto((*held)->row.posting(), violations);
  std::optional<Effect> fares =
      Fares(before ? &before->provenance : nullptr, posting.provenance, in.peer);
  if (fares) co_return *std::move(fares);
  rows::PostingRecord row;
  *row.mutable_posting() = offered;
  row.set_recorded_at_micros(ToMicros(in.parts.clock.Now()));
  in.parts.repository.ExpectVersion(in.changes, key, held->has_value() ? (*held)->version : 0);
  in.parts.repository.Put(in.changes, key, row);
  in.changes.AppendEvent(PostingEvent(in.parts, offered).SerializeAsString());
  co_return Effect::Accepted();
}

Answer<Effect> TakeAgreementHalf(InboundMessage& in) {
  const exchange::v1::AgreementHalfPublication& offered = in.message.agreement_half();
  FieldViolations violations;
  Agreement agreement;
  agreement.agreement_id = offered.agreement_id();
  agreement.terms = FromProto(offered.terms(), violations);
  absl::StatusOr<BodyId> party = BodyId::Parse(offered.half().party_body_id(), "party");
  if (!violations.empty() || !party.ok() || offered.half().version() == 0 ||
      offered.half().terms_sha256() != TermsDigest(offered.terms()) ||
      !ValidateAgreement(agreement, in.parts.codes).ok()) {
    co_return Effect::Refused("MALFORMED");
  }
  if (NodeOf(*party).ToString() != in.peer || offered.half().node_id() != in.peer) {
    co_return Effect::Refused("NOT_OWNER");
  }
  const AgreementKey key{offered.agreement_id(), *party};
  AgreementKey wanted = key;
  auto held = co_await in.parts.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  if (held->has_value()) {
    const v1::AgreementHalf& before = (*held)->row.half();
    if (before.version() == offered.half().version() &&
        before.terms_sha256() == offered.half().terms_sha256()) {
      co_return Effect::Duplicate();
    }
    if (offered.half().version() <= before.version()) {
      co_return Effect::Refused("VERSION_NOT_HIGHER");
    }
  }
  rows::AgreementRecord row;
  *row.mutable_half() = offered.half();
  *row.mutable_terms() = offered.terms();
  row.set_recorded_at_micros(ToMicros(in.parts.clock.Now()));
  in.parts.repository.ExpectVersion(in.changes, key, held->has_value() ? (*held)->version : 0);
  in.parts.repository.Put(in.changes, key, row);
  agreement.provenance = {NodeId::FromTrusted(in.peer), offered.half().version(), {}, {}};
  AgreementHalf half = FromProto(offered.half());
  absl::StatusOr<Agreement> joined =
      co_await JoinHalf(in.parts, std::move(agreement), std::move(half));
  CO_RETURN_IF_ERROR(joined.status());
  in.changes.AppendEvent(AgreementEvent(in.parts, *joined).SerializeAsString());
  co_return Effect::Accepted();
}

}  // namespace redress::referral
