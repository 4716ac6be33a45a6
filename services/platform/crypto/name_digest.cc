#include "services/platform/crypto/name_digest.h"

#include "services/platform/codes/normal_name.h"
#include "services/platform/crypto/sha256.h"

namespace redress::crypto {

std::string NameDigest(std::string_view case_number, std::string_view name) {
  const std::string normal = NormaliseName(name);
  if (normal.empty()) return "";
  Sha256 digest;
  digest.Update("name of a case\n");
  digest.Update(case_number);
  digest.Update("\n");
  digest.Update(normal);
  return digest.Finish();
}

}  // namespace redress::crypto
