#ifndef REDRESS_SERVICES_INTAKE_STORAGE_ROW_SEALING_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_ROW_SEALING_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/intake/storage/wire.h"
#include "services/platform/crypto/case_key.h"
#include "services/platform/crypto/sealed.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {

// Seals a struct (wire.h) under the case key, bound to the key of the row that holds it.
template <class T>
std::string SealRow(const crypto::CaseKey& key, const T& personal, std::string_view row_key,
                    RandomSource& random) {
  return crypto::Seal(key.records(), wire::Writer::Encode(personal), row_key, random);
}

// DATA_LOSS as crypto::Open and wire::Reader::Decode.
template <class T>
absl::Status OpenRow(const crypto::CaseKey& key, std::string_view sealed, std::string_view row_key,
                     T& personal) {
  ASSIGN_OR_RETURN(const std::string bytes, crypto::Open(key.records(), sealed, row_key));
  return wire::Reader::Decode(bytes, personal);
}

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_ROW_SEALING_H_
