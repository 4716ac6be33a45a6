#ifndef REDRESS_TOOLS_REDRESS_NODE_CHECK_H_
#define REDRESS_TOOLS_REDRESS_NODE_CHECK_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/check/report.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/secret_key.h"

namespace redress::cli {

// Runs the checks of a stopped node's stores (services/<service>/check), each opened read-only, so
// that a check changes nothing.

// Where the services of one node keep their data: their --data_dir; empty: not looked at.
struct NodeData {
  std::string intake;
  std::string referral;
  std::string status;
};

struct NodeCheckOptions {
  std::string keys;  // The folder --node_keys; empty: what is sealed stays so.
  std::string iso_codes = kIsoCodesDirectory;
  bool files = true;    // Look at evidence files.
  bool events = true;   // Make status' read models anew from the events, when all three are there.
  std::string scratch;  // Where to make them; empty: the system's folder for temporary files.
};

// What became of one service.
struct CheckedService {
  check::Report report;
  // Set when the store could not be read, or not to its end.
  absl::Status unreadable;

  bool agrees() const { return unreadable.ok() && report.agrees(); }
};

// The keys, and what else reading sealed parts takes.
class SealedParts {
 public:
  // Without keys when `directory` is empty.
  static absl::StatusOr<SealedParts> Load(const std::string& directory,
                                          const std::string& iso_codes = kIsoCodesDirectory);

  const crypto::SecretKey* wrapping_key() const { return key_.has_value() ? &*key_ : nullptr; }
  const IsoCodes& codes() const { return codes_; }

 private:
  explicit SealedParts(IsoCodes codes) : codes_(std::move(codes)) {}
  std::optional<crypto::SecretKey> key_;
  IsoCodes codes_;
};

// FAILED_PRECONDITION when a service is running or another release has written its store, NOT_FOUND
// when there is no store, an error of the keys: then nothing was checked.
absl::StatusOr<std::vector<CheckedService>> CheckNode(const NodeData& data,
                                                      const NodeCheckOptions& options,
                                                      const check::Tell& tell);

// One service of a restore point, as a backup is verified: OK, or the first difference and how many
// there are. `restored` has the service and what else of the point is restored by now: status is
// held against the events of the other two, made anew in `scratch`, where both are there. A store
// of an earlier release is only opened. What is left out is told.
absl::Status CheckRestored(std::string_view service, const NodeData& restored,
                           const SealedParts& sealed, const std::string& scratch,
                           const check::Tell& tell);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_NODE_CHECK_H_
