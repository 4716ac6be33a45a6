#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CLAIM_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CLAIM_H_

#include <optional>
#include <string>
#include <vector>

namespace redress::intake {

// Those complained about, what was promised, and what is claimed: the same names and shape as
// redress/intake/v1/claim.proto, whose comments say what each field holds. Plain values; nothing in
// them is trusted before ValidateFiling has passed.

// An amount as it was written down: "MYR", "504000.00". Text until it has been validated, so that
// one answer can name every wrong amount; services/platform/money reads it exactly.
struct WrittenMoney {
  std::string currency_code;
  std::string amount;

  friend bool operator==(const WrittenMoney&, const WrittenMoney&) = default;
};

// Calendar days, both ends included; either end may be empty or partial.
struct Period {
  std::string from;
  std::string to;

  friend bool operator==(const Period&, const Period&) = default;
};

struct Respondent {
  std::string kind;
  std::string name;
  std::vector<std::string> aliases;
  std::string address;
  std::string country;
  std::string licence_number;
  std::string licence_issuer;
  Period licence_validity;
  std::string licence_status;
  std::vector<std::string> conduct;
  std::string description;
  std::string body_id;

  friend bool operator==(const Respondent&, const Respondent&) = default;
};

struct ContractClause {
  std::string clause;
  std::string promised;
  std::string actual;
  std::optional<WrittenMoney> promised_amount;
  std::optional<WrittenMoney> actual_amount;
  std::string per;
  bool in_writing = false;

  friend bool operator==(const ContractClause&, const ContractClause&) = default;
};

struct ClaimLine {
  std::string type;
  Period period;
  std::optional<WrittenMoney> promised;
  std::optional<WrittenMoney> received;
  std::optional<WrittenMoney> claimed;
  std::string note;

  friend bool operator==(const ClaimLine&, const ClaimLine&) = default;
};

struct FeeLine {
  std::string type;
  std::optional<WrittenMoney> amount;
  std::string paid_to;
  std::string paid_on;
  bool receipt_held = false;

  friend bool operator==(const FeeLine&, const FeeLine&) = default;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CLAIM_H_
