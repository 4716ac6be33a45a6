#ifndef REDRESS_SERVICES_REFERRAL_APP_REQUEST_CHECKS_H_
#define REDRESS_SERVICES_REFERRAL_APP_REQUEST_CHECKS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "redress/common/v1/types.pb.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/time/date.h"

namespace redress::referral {

// The form of what several verbs' requests carry. Whatever is wrong goes to `faults`, under the
// field as the caller wrote it; whether it fits the referral is found out after that.

// Words by kind of field, in bytes.
inline constexpr size_t kNoteBytes = 4 << 10;
inline constexpr size_t kTextBytes = 16 << 10;     // A summary, an answer, conditions.
inline constexpr size_t kQuestionBytes = 2 << 10;  // One item that a receiver asks for.

// As many members as a group may have.
inline constexpr int kMembersAtOnce = 10'000;

// A whole date that is not after tomorrow: the caller's day may have begun before this node's.
void CheckPastDay(std::string_view field, const std::string& date, const Date& today,
                  FieldViolations& faults);

// How the worker's word came, all of it.
void CheckInstruction(const std::string& field, const common::v1::WorkerInstruction& instruction,
                      const Date& today, FieldViolations& faults);

// Ids by their position in the list, at most `most` of them.
template <class Id>
std::vector<Id> ReadIds(const std::string& field,
                        const google::protobuf::RepeatedPtrField<std::string>& ids, int most,
                        FieldViolations& faults) {
  std::vector<Id> read;
  if (ids.size() > most) {
    faults.Add(field, "names " + std::to_string(ids.size()) + "; at most " + std::to_string(most));
    return read;
  }
  for (int i = 0; i < ids.size(); ++i) {
    read.push_back(faults.Read(Id::Parse(ids[i], field + "[" + std::to_string(i) + "]")));
  }
  return read;
}

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REQUEST_CHECKS_H_
