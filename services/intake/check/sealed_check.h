#ifndef REDRESS_SERVICES_INTAKE_CHECK_SEALED_CHECK_H_
#define REDRESS_SERVICES_INTAKE_CHECK_SEALED_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "services/intake/app/records.h"
#include "services/intake/check/intake_check.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/crypto/system_random.h"

namespace redress::intake {

// Opens what is sealed of a case, row by row, and holds its files against their digests. Reads with
// the code of the service. Needs the node's key; nothing that it reads gets into the report. Not
// thread-safe.
class SealedCheck {
 public:
  // Borrowed, and outlive this. REQUIRES: options.wrapping_key is not null.
  SealedCheck(kv::Store& store, check::StoreRows& rows, const CheckOptions& options,
              check::Report& report);

  void Check(const CaseHead& head);

 private:
  absl::Status CheckMembers(const CaseHead& head, const CaseKeyPtr& key);
  absl::Status CheckHistory(const CaseHead& head, const CaseKeyPtr& key);
  absl::Status CheckMoney(const CaseHead& head, const CaseKeyPtr& key);
  absl::Status CheckEvidence(const CaseHead& head, const CaseKeyPtr& key);
  absl::Status CheckFile(const CaseHead& head, const crypto::CaseKey& key, const EvidenceRow& row);

  check::StoreRows& rows_;
  const CheckOptions& options_;
  check::Report& report_;
  crypto::SystemRandom random_;
  KvCaseStore cases_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_CHECK_SEALED_CHECK_H_
