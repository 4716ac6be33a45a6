#include "services/referral/app/directory_rows.h"

#include <map>
#include <utility>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

// One agreement out of its halves. The terms are this node's own half's, else the other's.
Agreement Join(const AppParts& parts, const std::vector<Found<AgreementKey>>& halves) {
  Agreement agreement;
  FieldViolations ignored;
  const Found<AgreementKey>* shown = nullptr;
  for (const Found<AgreementKey>& half : halves) {
    agreement.halves.push_back(FromProto(half.row.half()));
    if (shown == nullptr || half.row.half().node_id() == parts.node.ToString()) shown = &half;
  }
  agreement.agreement_id = shown->key.agreement;
  agreement.terms = FromProto(shown->row.terms(), ignored);
  agreement.provenance.owner = NodeId::FromTrusted(shown->row.half().node_id());
  agreement.provenance.version = shown->row.half().version();
  agreement.provenance.changed_at = REDRESS_GET_TIME(shown->row.half(), published_at);
  return agreement;
}

v1::Event NewEvent(const AppParts& parts) {
  v1::Event event;
  SetTimestamp(parts.clock.Now(), event.mutable_occurred_at());
  SetTimestamp(parts.clock.Now(), event.mutable_recorded_at());
  return event;
}

template <class Entry>
async::Task<absl::Status> SetAsOfEach(const AppParts& parts, std::vector<Entry>& entries) {
  std::map<NodeId, absl::Time> heard;
  for (Entry& entry : entries) {
    NodeId owner = entry.provenance.owner;
    if (!heard.contains(owner)) {
      absl::StatusOr<absl::Time> at = co_await HeardAt(parts, owner);
      CO_RETURN_IF_ERROR(at.status());
      heard[owner] = *at;
    }
    entry.provenance.as_of = heard[owner];
  }
  co_return absl::OkStatus();
}

}  // namespace

Answer<absl::Time> HeardAt(const AppParts& parts, NodeId node) {
  if (node == parts.node) co_return parts.clock.Now();
  LinkKey key{std::move(node), LinkHalf::kIn};
  auto link = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(link.status());
  if (!link->has_value()) co_return absl::InfinitePast();
  co_return FromMicros((*link)->row.heard_at_micros());
}

Answer<std::optional<Body>> FindBody(const AppParts& parts, BodyId body) {
  BodyKey key{body};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return std::optional<Body>();
  Body read = ReadBody((*found)->row);
  NodeId owner = read.provenance.owner;
  absl::StatusOr<absl::Time> heard = co_await HeardAt(parts, std::move(owner));
  CO_RETURN_IF_ERROR(heard.status());
  read.provenance.as_of = *heard;
  co_return std::optional<Body>(std::move(read));
}

Answer<std::vector<Body>> AllBodies(const AppParts& parts) {
  RowRange range{.of = RowRange::Of::kBodies};
  auto found = co_await parts.repository.ScanAll<BodyKey>(std::move(range));
  CO_RETURN_IF_ERROR(found.status());
  std::vector<Body> bodies;
  for (const Found<BodyKey>& one : *found) bodies.push_back(ReadBody(one.row));
  CO_RETURN_IF_ERROR(co_await SetAsOf(parts, bodies));
  co_return bodies;
}

Answer<std::optional<Agreement>> FindAgreementById(const AppParts& parts, std::string agreement) {
  RowRange range{.of = RowRange::Of::kHalves, .text = std::move(agreement)};
  auto halves = co_await parts.repository.ScanAll<AgreementKey>(std::move(range));
  CO_RETURN_IF_ERROR(halves.status());
  if (halves->empty()) co_return std::optional<Agreement>();
  co_return std::optional<Agreement>(Join(parts, *halves));
}

Answer<std::vector<Agreement>> AllAgreements(const AppParts& parts) {
  RowRange range{.of = RowRange::Of::kAgreements};
  auto found = co_await parts.repository.ScanAll<AgreementKey>(std::move(range));
  CO_RETURN_IF_ERROR(found.status());
  std::vector<Agreement> agreements;
  std::vector<Found<AgreementKey>> halves;
  for (Found<AgreementKey>& half : *found) {
    if (!halves.empty() && halves.front().key.agreement != half.key.agreement) {
      agreements.push_back(Join(parts, halves));
      halves.clear();
    }
    halves.push_back(std::move(half));
  }
  if (!halves.empty()) agreements.push_back(Join(parts, halves));
  co_return agreements;
}

Answer<Agreement> JoinHalf(const AppParts& parts, Agreement agreement, AgreementHalf half) {
  std::string agreement_id = agreement.agreement_id;
  auto known = co_await FindAgreementById(parts, std::move(agreement_id));
  CO_RETURN_IF_ERROR(known.status());
  if (known->has_value()) {
    for (const AgreementHalf& other : (*known)->halves) {
      if (other.party != half.party) agreement.halves.push_back(other);
    }
  }
  agreement.halves.push_back(std::move(half));
  co_return agreement;
}

Answer<std::optional<Posting>> FindPosting(const AppParts& parts, std::string posting) {
  PostingKey key{std::move(posting)};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return std::optional<Posting>();
  std::vector<Posting> one = {ReadPosting((*found)->row)};
  CO_RETURN_IF_ERROR(co_await SetAsOf(parts, one));
  co_return std::optional<Posting>(std::move(one[0]));
}

Answer<std::vector<Posting>> AllPostings(const AppParts& parts) {
  RowRange range{.of = RowRange::Of::kPostings};
  auto found = co_await parts.repository.ScanAll<PostingKey>(std::move(range));
  CO_RETURN_IF_ERROR(found.status());
  std::vector<Posting> postings;
  for (const Found<PostingKey>& one : *found) postings.push_back(ReadPosting(one.row));
  CO_RETURN_IF_ERROR(co_await SetAsOf(parts, postings));
  co_return postings;
}

Body ReadBody(const rows::BodyRecord& row) {
  FieldViolations ignored;  // It was valid when it was stored.
  return FromProto(row.body(), ignored);
}

Posting ReadPosting(const rows::PostingRecord& row) {
  FieldViolations ignored;  // The same.
  return FromProto(row.posting(), ignored);
}

async::Task<absl::Status> SetAsOf(const AppParts& parts, std::vector<Body>& bodies) {
  return SetAsOfEach(parts, bodies);
}

async::Task<absl::Status> SetAsOf(const AppParts& parts, std::vector<Posting>& postings) {
  return SetAsOfEach(parts, postings);
}

v1::Agreement ToShow(const Agreement& agreement, absl::Time now) {
  v1::Agreement shown;
  shown.set_agreement_id(agreement.agreement_id);
  *shown.mutable_terms() = ToProto(agreement.terms);
  for (const AgreementHalf& half : agreement.halves) *shown.add_halves() = ToProto(half);
  shown.set_halves_match(HalvesMatch(agreement));
  shown.set_in_force(StandingOf(agreement, DateOf(now)) == AgreementStanding::kInForce);
  shown.mutable_provenance()->set_owner_node(agreement.provenance.owner.ToString());
  shown.mutable_provenance()->set_version(agreement.provenance.version);
  REDRESS_SET_TIME(*shown.mutable_provenance(), changed_at, agreement.provenance.changed_at);
  SetTimestamp(now, shown.mutable_provenance()->mutable_as_of());
  return shown;
}

bool MaySee(const auth::Principal& caller, const Posting& posting) {
  return caller.HasAnyRole({auth::Role::kAdmin, auth::Role::kMinistry, auth::Role::kAuditor,
                            auth::Role::kService}) ||
         posting.person.ToString() == caller.person_id;
}

v1::Event BodyEvent(const AppParts& parts, const v1::Body& body) {
  v1::Event event = NewEvent(parts);
  v1::BodyChanged* changed = event.mutable_body();
  changed->set_body_id(body.body_id());
  changed->set_kind(body.kind());
  *changed->mutable_names() = body.names();
  changed->set_country(body.country());
  changed->set_active(body.active());
  changed->set_version(body.provenance().version());
  return event;
}

v1::Event AgreementEvent(const AppParts& parts, const Agreement& agreement) {
  v1::Event event = NewEvent(parts);
  v1::AgreementChanged* changed = event.mutable_agreement();
  changed->set_agreement_id(agreement.agreement_id);
  changed->set_version(agreement.provenance.version);
  changed->set_halves_match(HalvesMatch(agreement));
  const v1::AgreementTerms terms = ToProto(agreement.terms);
  if (changed->halves_match()) *changed->mutable_proxy_missions() = terms.proxy_missions();
  *changed->mutable_in_force() = terms.in_force();
  return event;
}

v1::Event PostingEvent(const AppParts& parts, const v1::Posting& posting) {
  v1::Event event = NewEvent(parts);
  *event.mutable_posting()->mutable_posting() = posting;
  return event;
}

}  // namespace redress::referral
