#ifndef REDRESS_SERVICES_REFERRAL_CHECK_ONE_REFERRAL_H_
#define REDRESS_SERVICES_REFERRAL_CHECK_ONE_REFERRAL_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "services/platform/check/index_check.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/crypto/system_random.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/check/referral_check.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {

// Holds each referral's record against its facts, evidence, members, files and clocks, and its
// index rows against it. Not thread-safe.
class ReferralRecordCheck {
 public:
  // Borrowed, and outlive this.
  ReferralRecordCheck(kv::Store& store, check::StoreRows& rows, const CheckOptions& options,
                      check::Report& report);

  // Each row of the table of referrals whose key and message can be read.
  absl::Status Take(const kv::Entry& entry);
  absl::Status Finish();

 private:
  struct Referral {
    ReferralRef ref;
    rows::ReferralRecord record;
    kv::Version version = 0;
    std::string subject;
  };

  void Differs(const Referral& referral, const char* table, std::string problem);
  absl::Status CheckFacts(const Referral& referral);
  absl::Status CheckEvidence(const Referral& referral);
  absl::Status CheckMembersAndFiles(const Referral& referral);
  absl::Status CheckIndexes(const Referral& referral);
  absl::Status CheckNumbers(const Referral& referral);
  absl::Status CheckFolded(const Referral& referral);
  absl::Status CheckLook(const Referral& referral, const LoadedReferral& loaded);
  void CheckFile(const Referral& referral, const LoadedReferral& loaded,
                 const Found<FileKey>& found);
  absl::Status CheckResponses();
  absl::Status ReadWatched();
  absl::StatusOr<uint64_t> Count(RowRange range);

  check::StoreRows& rows_;
  const CheckOptions& options_;
  check::Report& report_;
  const ReferralKeySpace keys_;
  crypto::SystemRandom random_;
  std::unique_ptr<Repository> repository_;  // Null without the wrapping key.
  check::IndexCheck index_;
  std::map<std::string, ResponseRecord> responses_;  // By the receiver's id, of all records so far.
  bool all_read_ = true;                             // False once a record could not be.
  // The referrals that somebody will look at; read once, when the first is not looked at at the
  // very time that follows from its last change. Where a peer is silent that is true of all of
  // them.
  std::optional<absl::flat_hash_set<std::string>> watched_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CHECK_ONE_REFERRAL_H_
