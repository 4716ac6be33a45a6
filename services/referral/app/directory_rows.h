#ifndef REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_ROWS_H_
#define REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_ROWS_H_

#include <optional>
#include <string>
#include <vector>

#include "redress/referral/v1/events.pb.h"
#include "services/referral/app/parts.h"
#include "services/referral/domain/directory.h"

namespace redress::referral {

// The directory as this node holds it, own entries and copies. `as_of` of a copy is when its owner
// was last heard of, of an own entry now.
Answer<std::optional<Body>> FindBody(const AppParts& parts, BodyId body);
Answer<std::vector<Body>> AllBodies(const AppParts& parts);

// Nullopt when no half is known.
Answer<std::optional<Agreement>> FindAgreementById(const AppParts& parts, std::string agreement);
Answer<std::vector<Agreement>> AllAgreements(const AppParts& parts);

// `agreement` with `half` and, when it is known here, the other party's.
Answer<Agreement> JoinHalf(const AppParts& parts, Agreement agreement, AgreementHalf half);

Answer<std::optional<Posting>> FindPosting(const AppParts& parts, std::string posting);
Answer<std::vector<Posting>> AllPostings(const AppParts& parts);

// Entries as their rows have them, without `as_of`; and `as_of` of several, which reads the link to
// each of their owners once.
Body ReadBody(const rows::BodyRecord& row);
Posting ReadPosting(const rows::PostingRecord& row);
async::Task<absl::Status> SetAsOf(const AppParts& parts, std::vector<Body>& bodies);
async::Task<absl::Status> SetAsOf(const AppParts& parts, std::vector<Posting>& postings);

// An agreement as it is told, with what it is on the day of `now`.
v1::Agreement ToShow(const Agreement& agreement, absl::Time now);

// Whether the caller sees it: an attaché sees the own postings, the others named at the RPC all.
bool MaySee(const auth::Principal& caller, const Posting& posting);

// When `node` was last heard of over the link; now for the own one, InfinitePast when never.
Answer<absl::Time> HeardAt(const AppParts& parts, NodeId node);

// What an entry's change says in the event log.
v1::Event BodyEvent(const AppParts& parts, const v1::Body& body);
v1::Event AgreementEvent(const AppParts& parts, const Agreement& agreement);
v1::Event PostingEvent(const AppParts& parts, const v1::Posting& posting);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_ROWS_H_
