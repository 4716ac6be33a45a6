#ifndef REDRESS_SERVICES_INTAKE_APP_AMENDMENT_H_
#define REDRESS_SERVICES_INTAKE_APP_AMENDMENT_H_

#include <string>
#include <string_view>
#include <vector>

#include "services/intake/domain/complaint.h"
#include "services/platform/status/field_violations.h"

namespace redress::intake {

// The parts of a complaint and of a member that AmendComplaint replaces whole, by the names that
// its `paths` use. Pure functions over values.

// Notes at "paths" what names no part of a complaint (or member), what is named twice, and a list
// that is empty or longer than 40.
void CheckHeadPaths(const std::vector<std::string>& paths, FieldViolations& violations);
void CheckMemberPaths(const std::vector<std::string>& paths, FieldViolations& violations);

// Copies the named parts from `from` into `to`. REQUIRES: the paths were checked.
void CopyParts(const std::vector<std::string>& paths, const Complaint& from, Complaint& to);
void CopyParts(const std::vector<std::string>& paths, const GroupMember& from, GroupMember& to);

bool Names(const std::vector<std::string>& paths, std::string_view path);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_AMENDMENT_H_
