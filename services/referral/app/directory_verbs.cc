#include "services/referral/app/directory_verbs.h"

#include <algorithm>
#include <utility>

#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/outbox.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

constexpr char kReadOnly[] = "a copy; only its owner may change it";

// What the rules found, but for fields that are named already: what could not be read is not also
// missing.
void TakeOthers(const absl::Status& found, FieldViolations& violations) {
  const std::vector<FieldViolation> named = violations.list();
  for (const FieldViolation& one : GetFieldViolations(found)) {
    if (std::none_of(named.begin(), named.end(),
                     [&](const FieldViolation& known) { return known.field == one.field; })) {
      violations.Add(one.field, one.problem);
    }
  }
}

// The entries as they shall be; INVALID_ARGUMENT naming every wrong field of the request.
absl::StatusOr<Body> ReadPut(const v1::PutBodyRequest& request, const AppParts& parts) {
  FieldViolations violations;
  violations.Take(RequestId::Parse(request.request_id(), "request_id").status());
  Body body = FromProto(request.body(), violations);
  TakeOthers(ValidateBody(body, parts.codes, DateOf(parts.clock.Now())), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return body;
}

absl::StatusOr<Posting> ReadPut(const v1::PutPostingRequest& request, const AppParts& parts) {
  FieldViolations violations;
  violations.Take(RequestId::Parse(request.request_id(), "request_id").status());
  Posting posting = FromProto(request.posting(), violations);
  TakeOthers(ValidatePosting(posting, parts.codes), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return posting;
}

// One party's half of an agreement.
struct AgreementPut {
  Agreement agreement;  // Without halves.
  BodyId party;
};

absl::StatusOr<AgreementPut> ReadPut(const v1::PutAgreementRequest& request,
                                     const AppParts& parts) {
  FieldViolations violations;
  violations.Take(RequestId::Parse(request.request_id(), "request_id").status());
  AgreementPut put;
  put.agreement.agreement_id = request.agreement_id();
  put.agreement.terms = FromProto(request.terms(), violations);
  put.party = violations.Read(BodyId::Parse(request.party_body_id(), "party_body_id"));
  if (request.version() == 0) violations.AddValue("version", "0", "1 or more");
  TakeOthers(ValidateAgreement(put.agreement, parts.codes), violations);
  const std::vector<BodyId>& parties = put.agreement.terms.parties;
  // One that could not be read may have been meant for it.
  const auto may_be = [&](const BodyId& one) { return one.empty() || one == put.party; };
  if (!put.party.empty() && std::none_of(parties.begin(), parties.end(), may_be)) {
    violations.Add("party_body_id", "is none of the parties of the terms");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return put;
}

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
    return RefusePrecondition("OWNED_BY_ANOTHER_NODE", kReadOnly,
                              {{"owner_node", held->owner.ToString()}});
  }
  if (etag.empty()) return absl::AlreadyExistsError("the entry exists; read it, send its etag");
  if (etag != std::to_string(held->version)) return RefuseStaleEtag(std::to_string(held->version));
  return held->version + 1;
}

// `row` in the place of what is held.
template <class Key, class Row>
journal::ChangeSet Replace(const AppParts& parts, const Key& key,
                           const std::optional<Found<Key>>& held, const Row& row) {
  journal::ChangeSet changes;
  parts.repository.ExpectVersion(changes, key, held ? held->version : 0);
  parts.repository.Put(changes, key, row);
  return changes;
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
  return RefusePrecondition("OWNED_BY_ANOTHER_NODE", kReadOnly, {{"owner_node", owner}});
}

void AddWarning(v1::DirectoryChange* change, const char* code, const char* text) {
  common::v1::Warning* warning = change->add_warnings();
  warning->set_code(code);
  warning->set_description(text);
}

bool SomebodyIsInOffice(const Body& body, const Date& today) {
  return std::any_of(body.focal_points.begin(), body.focal_points.end(),
                     [&](const FocalPoint& point) { return point.in_office.Contains(today); });
}

// Whether a half of `version` may replace the one held, of `current`; 0: there is none.
absl::Status CheckHalfVersion(const v1::PutAgreementRequest& request, uint64_t current,
                              const AppParts& parts) {
  const Provenance held{parts.node, current, {}, {}};
  RETURN_IF_ERROR(NextVersion(request.etag(), current > 0 ? &held : nullptr, parts).status());
  if (request.version() > current) return absl::OkStatus();
  return RefusePrecondition("VERSION_NOT_HIGHER", "changed terms need a higher version",
                            {{"version", std::to_string(request.version())},
                             {"current_version", std::to_string(current)}});
}

rows::AgreementRecord HalfRow(const AppParts& parts, const AgreementPut& put, uint64_t version) {
  rows::AgreementRecord row;
  *row.mutable_terms() = ToProto(put.agreement.terms);
  v1::AgreementHalf* half = row.mutable_half();
  half->set_node_id(parts.node.ToString());
  half->set_party_body_id(put.party.ToString());
  half->set_version(version);
  half->set_terms_sha256(TermsDigest(row.terms()));
  SetTimestamp(parts.clock.Now(), half->mutable_published_at());
  row.set_recorded_at_micros(ToMicros(parts.clock.Now()));
  return row;
}

exchange::v1::Message HalfPublication(const std::string& agreement_id,
                                      const rows::AgreementRecord& row) {
  exchange::v1::Message publication;
  exchange::v1::AgreementHalfPublication* published = publication.mutable_agreement_half();
  published->set_agreement_id(agreement_id);
  *published->mutable_half() = row.half();
  *published->mutable_terms() = row.terms();
  return publication;
}

}  // namespace

Answer<v1::PutBodyResponse> DirectoryVerbs::PutBody(Caller caller, v1::PutBodyRequest request) {
  absl::StatusOr<Body> body = ReadPut(request, parts_);
  CO_RETURN_IF_ERROR(body.status());
  CO_RETURN_IF_ERROR(CheckOwned(parts_, NodeOf(body->body_id).ToString()));
  CO_RETURN_IF_ERROR(CheckMayPutBody(*caller, body->body_id));
  VerbRequest common = PutRequestOf("PutBody", caller, request, body->body_id.ToString());
  auto remembered = co_await Remembered<v1::PutBodyResponse>(parts_, common);
  CO_RETURN_IF_ERROR(remembered.status());
  if (remembered->has_value()) co_return **std::move(remembered);

  const BodyKey key{body->body_id};
  BodyKey wanted = key;
  auto held = co_await parts_.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  std::optional<Body> before;
  FieldViolations ignored;  // It was valid when it was stored.
  if (held->has_value()) before = FromProto((*held)->row.body(), ignored);
  absl::StatusOr<uint64_t> version =
      NextVersion(request.etag(), before ? &before->provenance : nullptr, parts_);
  CO_RETURN_IF_ERROR(version.status());
  const absl::Time now = parts_.clock.Now();
  body->active_since = before && before->active == body->active ? before->active_since : now;
  body->provenance = {parts_.node, *version, now, absl::InfinitePast()};

  rows::BodyRecord row;
  *row.mutable_body() = ToProto(*body);
  row.set_recorded_at_micros(ToMicros(now));
  journal::ChangeSet changes = Replace(parts_, key, *held, row);
  changes.AppendEvent(BodyEvent(parts_, row.body()).SerializeAsString());
  v1::PutBodyResponse response;
  response.set_body_id(body->body_id.ToString());
  *response.mutable_change() = ChangeOf(parts_, *version);
  if (!SomebodyIsInOffice(*body, DateOf(now))) {
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
  absl::StatusOr<AgreementPut> put = ReadPut(request, parts_);
  CO_RETURN_IF_ERROR(put.status());
  CO_RETURN_IF_ERROR(CheckOwned(parts_, NodeOf(put->party).ToString()));
  VerbRequest common = PutRequestOf("PutAgreement", caller, request, request.agreement_id());
  auto remembered = co_await Remembered<v1::PutAgreementResponse>(parts_, common);
  CO_RETURN_IF_ERROR(remembered.status());
  if (remembered->has_value()) co_return **std::move(remembered);

  const AgreementKey key{request.agreement_id(), put->party};
  AgreementKey wanted = key;
  auto held = co_await parts_.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  const uint64_t current = held->has_value() ? (*held)->row.half().version() : 0;
  CO_RETURN_IF_ERROR(CheckHalfVersion(request, current, parts_));
  const rows::AgreementRecord row = HalfRow(parts_, *put, request.version());
  put->agreement.provenance = {parts_.node, request.version(), parts_.clock.Now(), {}};
  AgreementHalf half = FromProto(row.half());
  absl::StatusOr<Agreement> agreement =
      co_await JoinHalf(parts_, std::move(put->agreement), std::move(half));
  CO_RETURN_IF_ERROR(agreement.status());

  journal::ChangeSet changes = Replace(parts_, key, *held, row);
  changes.AppendEvent(AgreementEvent(parts_, *agreement).SerializeAsString());
  v1::PutAgreementResponse response;
  response.set_agreement_id(request.agreement_id());
  *response.mutable_change() = ChangeOf(parts_, request.version());
  response.set_halves_match(HalvesMatch(*agreement));
  if (agreement->halves.size() == 1) {
    AddWarning(response.mutable_change(), "OTHER_HALF_MISSING",
               "the other party has not published its half");
  } else if (!response.halves_match()) {
    AddWarning(response.mutable_change(), "HALVES_DIFFER",
               "the other party's half has another version or other terms");
  }
  exchange::v1::Message publication = HalfPublication(request.agreement_id(), row);
  co_return co_await CommitPut(parts_, std::move(common), std::move(publication),
                               std::move(changes), std::move(response));
}

Answer<v1::PutPostingResponse> DirectoryVerbs::PutPosting(Caller caller,
                                                          v1::PutPostingRequest request) {
  absl::StatusOr<Posting> posting = ReadPut(request, parts_);
  CO_RETURN_IF_ERROR(posting.status());
  CO_RETURN_IF_ERROR(
      CheckOwned(parts_, posting->posting_id.substr(0, posting->posting_id.find(':'))));
  VerbRequest common = PutRequestOf("PutPosting", caller, request, posting->posting_id);
  auto remembered = co_await Remembered<v1::PutPostingResponse>(parts_, common);
  CO_RETURN_IF_ERROR(remembered.status());
  if (remembered->has_value()) co_return **std::move(remembered);

  const PostingKey key{posting->posting_id};
  PostingKey wanted = key;
  auto held = co_await parts_.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(held.status());
  std::optional<Posting> before;
  FieldViolations ignored;
  if (held->has_value()) before = FromProto((*held)->row.posting(), ignored);
  absl::StatusOr<uint64_t> version =
      NextVersion(request.etag(), before ? &before->provenance : nullptr, parts_);
  CO_RETURN_IF_ERROR(version.status());
  posting->provenance = {parts_.node, *version, parts_.clock.Now(), absl::InfinitePast()};

  rows::PostingRecord row;
  *row.mutable_posting() = ToProto(*posting);
  row.set_recorded_at_micros(ToMicros(parts_.clock.Now()));
  journal::ChangeSet changes = Replace(parts_, key, *held, row);
  changes.AppendEvent(PostingEvent(parts_, row.posting()).SerializeAsString());
  v1::PutPostingResponse response;
  response.set_posting_id(posting->posting_id);
  *response.mutable_change() = ChangeOf(parts_, *version);
  exchange::v1::Message publication;
  *publication.mutable_posting()->mutable_posting() = row.posting();
  co_return co_await CommitPut(parts_, std::move(common), std::move(publication),
                               std::move(changes), std::move(response));
}

}  // namespace redress::referral
