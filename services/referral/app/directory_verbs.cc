#include "services/referral/app/directory_verbs.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/outbox.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

constexpr char kBodyReadOnly[] = "a copy; only its owner may change it";

template <class Request>
VerbRequest PutRequestOf(std::string verb, Caller caller, const Request& request,
                         std::string resource) {
  VerbRequest common;
  common.verb = std::move(verb);
  common.caller = std::move(caller);
  common.request_id = request.request_id();
  common.referral_id = std::move(resource);
  common.etag = request.etag();
  common.content = ContentOf(request);
  return common;
}

// A remembered answer of a put, with its commit number.
template <class Response>
Answer<std::optional<Response>> Remembered(const AppParts& parts, VerbRequest request) {
  CO_RETURN_IF_ERROR(RequestId::Parse(request.request_id, "request_id").status());
  journal::RequestIdentity identity = IdentityOf(request);
  auto found = co_await journal::FindRequest(parts.store, std::move(identity));
  CO_RETURN_IF_ERROR(found.status());
  std::optional<Response> answer;
  if (found->has_value()) {
    answer.emplace();
    if (!answer->ParseFromString((*found)->answer)) {
      co_return absl::DataLossError("a remembered answer cannot be read");
    }
    answer->mutable_change()->set_commit_number((*found)->version);
  }
  co_return answer;
}

// The version that a put makes: one more than what is held, if `etag` names what is held.
absl::StatusOr<uint64_t> NextVersion(const std::string& etag, const Provenance* held,
                                     const AppParts& parts) {
  if (held == nullptr) {
    if (!etag.empty()) return RefuseStaleEtag("");
    return 1;
  }
  if (held->owner != parts.node) {
    return RefusePrecondition("OWNED_BY_ANOTHER_NODE", kBodyReadOnly,
                              {{"owner_node", held->owner.ToString()}});
  }
  if (etag.empty()) return absl::AlreadyExistsError("the entry exists; read it, send its etag");
  if (etag != std::to_string(held->version)) return RefuseStaleEtag(std::to_string(held->version));
  return held->version + 1;
}

v1::DirectoryChange ChangeOf(const AppParts& parts, uint64_t version) {
  v1::DirectoryChange change;
  change.set_version(version);
  change.set_etag(std::to_string(version));
  SetTimestamp(parts.clock.Now(), change.mutable_committed_at());
  return change;
}

// Publishes to every peer and commits; the answer's commit number is filled in.
template <class Response>
Answer<Response> CommitPut(const AppParts& parts, VerbRequest request,
                           exchange::v1::Message publication, journal::ChangeSet changes,
                           Response response) {
  for (const std::string& peer : parts.peers) {
    if (peer != parts.node.ToString()) {
      changes.AppendOutbox(peer, DirectoryOutboxRow(parts, publication));
    }
  }
  changes.Audit(LeafOf(parts, *request.caller, request.verb, request.referral_id));
  changes.Remember(IdentityOf(request), request.referral_id, response.SerializeAsString());
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  if (committed->repeated && !response.ParseFromString(committed->repeated->answer)) {
    co_return absl::DataLossError("a remembered answer cannot be read");
  }
  response.mutable_change()->set_commit_number(committed->version);
  parts.outbox_changed.Notify();
  co_return response;
}

absl::Status CheckOwned(const AppParts& parts, const std::string& owner) {
  if (owner == parts.node.ToString()) return absl::OkStatus();
  return RefusePrecondition("OWNED_BY_ANOTHER_NODE", kBodyReadOnly, {{"owner_node", owner}});
}

void AddWarning(v1::DirectoryChange* change, const char* code, const char* text) {
  common::v1::Warning* warning = change->add_warnings();
  warning->set_code(code);
  warning->set_description(text);
}

}  // namespace

Answer<v1::PutBodyResponse> DirectoryVerbs::PutBody(Caller caller, v1::PutBodyRequest request) {
  FieldViolations violations;
  Body body = FromProto(request.body(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  CO_RETURN_IF_ERROR(CheckOwned(parts_, NodeOf(body.body_id).ToString()));
  CO_RETURN_IF_ERROR(CheckMayPutBody(*caller, body.body_id));
  VerbRequest common = PutRequestOf("PutBody", caller, request, body.body_id.ToString());
  auto remembered = co_await Remembered<v1::PutBodyResponse>(parts_, common);
  CO_RETURN_IF_ERROR(remembered.status());
  if (remembered->has_value()) co_return **std::move(remembered);

  BodyKey key{body.body_id};
  const RowKey row_key = key;
  auto held = co_await parts_.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(held.status());
  std::optional<Body> before;
  if (held->has_value()) before = FromProto((*held)->row.body(), violations);
  absl::StatusOr<uint64_t> version =
      NextVersion(request.etag(), before ? &before->provenance : nullptr, parts_);
  CO_RETURN_IF_ERROR(version.status());
  const absl::Time now = parts_.clock.Now();
  body.active_since = before && before->active == body.active ? before->active_since : now;
  body.provenance = {parts_.node, *version, now, absl::InfinitePast()};
  CO_RETURN_IF_ERROR(ValidateBody(body, parts_.codes));

  rows::BodyRecord row;
  *row.mutable_body() = ToProto(body);
  row.set_recorded_at_micros(ToMicros(now));
  journal::ChangeSet changes;
  parts_.repository.ExpectVersion(changes, row_key, held->has_value() ? (*held)->version : 0);
  parts_.repository.Put(changes, BodyKey{body.body_id}, row);
  changes.AppendEvent(BodyEvent(parts_, row.body()).SerializeAsString());
  v1::PutBodyResponse response;
  response.set_body_id(body.body_id.ToString());
  *response.mutable_change() = ChangeOf(parts_, *version);
  bool in_office = false;
  for (const FocalPoint& point : body.focal_points) {
    in_office = in_office || point.in_office.Contains(DateOf(now));
  }
  if (!in_office) {
    AddWarning(response.mutable_change(), "NO_FOCAL_POINT_IN_OFFICE",
               "nobody of the body is in office today");
  }
  exchange::v1::Message publication;
  *publication.mutable_body()->mutable_body() = row.body();
  co_return co_await CommitPut(parts_, std::move(common), std::move(publication),
                               std::move(changes), std::move(response));
}

Answer<v1::PutAgreementResponse> DirectoryVerbs::PutAgreement(Caller caller,
                                                              v1::PutAgreementRequest request) {
  FieldViolations violations;
  Agreement agreement;
  agreement.agreement_id = request.agreement_id();
  agreement.terms = FromProto(request.terms(), violations);
  if (request.version() == 0) violations.Add("version", "has to be 1 or more");
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<BodyId> party = BodyId::Parse(request.party_body_id(), "party_body_id");
  CO_RETURN_IF_ERROR(party.status());
  CO_RETURN_IF_ERROR(CheckOwned(parts_, NodeOf(*party).ToString()));
  CO_RETURN_IF_ERROR(ValidateAgreement(agreement, parts_.codes));
  if (std::find(agreement.terms.parties.begin(), agreement.terms.parties.end(), *party) ==
      agreement.terms.parties.end()) {
    co_return InvalidField("party_body_id", "is none of the parties of the terms");
  }
  VerbRequest common = PutRequestOf("PutAgreement", caller, request, request.agreement_id());
  auto remembered = co_await Remembered<v1::PutAgreementResponse>(parts_, common);
  CO_RETURN_IF_ERROR(remembered.status());
  if (remembered->has_value()) co_return **std::move(remembered);

  const AgreementKey key{request.agreement_id(), *party};
  AgreementKey wanted = key;
  auto held = co_await parts_.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  const uint64_t current = held->has_value() ? (*held)->row.half().version() : 0;
  std::optional<Provenance> before;
  if (current > 0) before = Provenance{parts_.node, current, {}, {}};
  CO_RETURN_IF_ERROR(NextVersion(request.etag(), before ? &*before : nullptr, parts_).status());
  if (request.version() <= current) {
    co_return RefusePrecondition("VERSION_NOT_HIGHER", "changed terms need a higher version",
                                 {{"version", std::to_string(request.version())},
                                  {"current_version", std::to_string(current)}});
  }
  rows::AgreementRecord row;
  *row.mutable_terms() = ToProto(agreement.terms);
  v1::AgreementHalf* half = row.mutable_half();
  half->set_node_id(parts_.node.ToString());
  half->set_party_body_id(party->ToString());
  half->set_version(request.version());
  half->set_terms_sha256(TermsDigest(row.terms()));
  SetTimestamp(parts_.clock.Now(), half->mutable_published_at());
  row.set_recorded_at_micros(ToMicros(parts_.clock.Now()));

  std::string agreement_id = request.agreement_id();
  auto known = co_await FindAgreementById(parts_, std::move(agreement_id));
  CO_RETURN_IF_ERROR(known.status());
  if (known->has_value()) {
    for (const AgreementHalf& other : (*known)->halves) {
      if (other.party != *party) agreement.halves.push_back(other);
    }
  }
  const bool alone = agreement.halves.empty();
  agreement.halves.push_back(FromProto(*half));
  agreement.provenance = {parts_.node, request.version(), parts_.clock.Now(), {}};

  journal::ChangeSet changes;
  parts_.repository.ExpectVersion(changes, key, held->has_value() ? (*held)->version : 0);
  parts_.repository.Put(changes, key, row);
  changes.AppendEvent(AgreementEvent(parts_, agreement).SerializeAsString());
  v1::PutAgreementResponse response;
  response.set_agreement_id(request.agreement_id());
  *response.mutable_change() = ChangeOf(parts_, request.version());
  response.set_halves_match(HalvesMatch(agreement));
  if (alone) {
    AddWarning(response.mutable_change(), "OTHER_HALF_MISSING",
               "the other party has not published its half");
  } else if (!response.halves_match()) {
    AddWarning(response.mutable_change(), "HALVES_DIFFER",
               "the other party's half has another version or other terms");
  }
  exchange::v1::Message publication;
  exchange::v1::AgreementHalfPublication* published = publication.mutable_agreement_half();
  published->set_agreement_id(request.agreement_id());
  *published->mutable_half() = row.half();
  *published->mutable_terms() = row.terms();
  co_return co_await CommitPut(parts_, std::move(common), std::move(publication),
                               std::move(changes), std::move(response));
}

Answer<v1::PutPostingResponse> DirectoryVerbs::PutPosting(Caller caller,
                                                          v1::PutPostingRequest request) {
  FieldViolations violations;
  Posting posting = FromProto(request.posting(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  CO_RETURN_IF_ERROR(ValidatePosting(posting, parts_.codes));
  CO_RETURN_IF_ERROR(
      CheckOwned(parts_, posting.posting_id.substr(0, posting.posting_id.find(':'))));
  VerbRequest common = PutRequestOf("PutPosting", caller, request, posting.posting_id);
  auto remembered = co_await Remembered<v1::PutPostingResponse>(parts_, common);
  CO_RETURN_IF_ERROR(remembered.status());
  if (remembered->has_value()) co_return **std::move(remembered);

  const PostingKey key{posting.posting_id};
  PostingKey wanted = key;
  auto held = co_await parts_.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  std::optional<Posting> before;
  if (held->has_value()) before = FromProto((*held)->row.posting(), violations);
  absl::StatusOr<uint64_t> version =
      NextVersion(request.etag(), before ? &before->provenance : nullptr, parts_);
  CO_RETURN_IF_ERROR(version.status());
  posting.provenance = {parts_.node, *version, parts_.clock.Now(), absl::InfinitePast()};
  rows::PostingRecord row;
  *row.mutable_posting() = ToProto(posting);
  row.set_recorded_at_micros(ToMicros(parts_.clock.Now()));
  journal::ChangeSet changes;
  parts_.repository.ExpectVersion(changes, key, held->has_value() ? (*held)->version : 0);
  parts_.repository.Put(changes, key, row);
  changes.AppendEvent(PostingEvent(parts_, row.posting()).SerializeAsString());
  v1::PutPostingResponse response;
  response.set_posting_id(posting.posting_id);
  *response.mutable_change() = ChangeOf(parts_, *version);
  exchange::v1::Message publication;
  *publication.mutable_posting()->mutable_posting() = row.posting();
  co_return co_await CommitPut(parts_, std::move(common), std::move(publication),
                               std::move(changes), std::move(response));
}

}  // namespace redress::referral
