#include "tools/sample/story.h"

#include "absl/strings/str_replace.h"
#include "fmt/format.h"

namespace redress::sample {
namespace {

// Columns as in Story: category, stage, where the worker is, remedies, claim, circumstance, who
// holds the passport; by_agency, in_groups, at_home_too, by_representative; narrative.
constexpr Story kStories[] = {
    {"WAGE_NONPAYMENT", "DURING", "DESTINATION", "WAGES_PAID", "", Claim::kAllWages, "", "WORKER",
     false, true, true, false,
     "I worked in {sector} in {country} for {respondent}. For {months} months no wage was paid. "
     "Every time they say next month."},
    {"WAGE_UNDERPAYMENT", "DURING", "DESTINATION", "WAGES_PAID", "", Claim::kPartOfWages,
     "DECEIVED", "WORKER", false, true, true, false,
     "{respondent} in {country} pays less than the contract says, for {months} months now. They "
     "say the rest goes for the agency."},
    {"WAGE_BELOW_MINIMUM", "DURING", "DESTINATION", "WAGES_PAID", "CONTRACT_CORRECTED",
     Claim::kPartOfWages, "", "WORKER", false, true, true, false,
     "The wage at {respondent} is below the minimum of {country}. It has been so for {months} "
     "months."},
    {"UNLAWFUL_DEDUCTION", "DURING", "DESTINATION", "WAGES_PAID", "", Claim::kDeduction, "",
     "WORKER", false, true, true, false,
     "Each month {respondent} keeps part of the wage for levy, room and passport. Nobody explained "
     "it before I came to {country}."},
    {"OVERTIME_OR_BENEFIT_UNPAID", "DURING", "DESTINATION", "WAGES_PAID", "", Claim::kOvertime,
     "EXCESSIVE_OVERTIME", "WORKER", false, true, true, false,
     "We work four more hours every day at {respondent}, also on Sunday. In {months} months the "
     "extra hours were never paid."},
    {"UNLAWFUL_TERMINATION", "DURING", "DESTINATION", "COMPENSATION", "REINSTATED",
     Claim::kCompensation, "", "WORKER", false, true, true, false,
     "{respondent} told me in the morning not to come again. There was no notice and no paper, and "
     "two years of the contract were left."},
    {"NO_CONTRACT", "DURING", "DESTINATION", "CONTRACT_CORRECTED", "", Claim::kNone, "", "WORKER",
     false, true, true, false,
     "I asked {respondent} for a contract many times. After {months} months of work in {country} "
     "there is still none."},
    {"CONTRACT_SUBSTITUTION", "DURING", "DESTINATION", "CONTRACT_CORRECTED", "WAGES_PAID",
     Claim::kPartOfWages, "DECEIVED", "WORKER", false, true, false, false,
     "At the airport in {country} they gave us another contract to sign, in a language we cannot "
     "read. Work and wage at {respondent} are not what was promised."},
    {"CONTRACT_BREACH", "DURING", "DESTINATION", "CONTRACT_CORRECTED", "COMPENSATION",
     Claim::kPartOfWages, "", "WORKER", false, true, true, false,
     "The contract names {sector}, but {respondent} sends me to other work at another place for "
     "less money."},
    {"EXCESSIVE_HOURS_NO_REST", "DURING", "DESTINATION", "CONTRACT_CORRECTED", "WAGES_PAID",
     Claim::kOvertime, "EXCESSIVE_OVERTIME", "WORKER", false, true, true, false,
     "I begin at five in the morning and end after ten at night. In {months} months with "
     "{respondent} there was not one day off."},
    {"CONFINEMENT", "DURING", "DESTINATION", "SHELTER", "REPATRIATED", Claim::kAllWages,
     "CANNOT_LEAVE", "EMPLOYER", false, false, false, true,
     "She is locked in the house in {country} and may not use the telephone. A neighbour passed on "
     "her message."},
    {"PHYSICAL_VIOLENCE", "DURING", "SHELTER", "SHELTER", "COMPENSATION", Claim::kCompensation,
     "NEEDS_MEDICAL_CARE", "EMPLOYER", false, false, false, false,
     "The supervisor of {respondent} beat me when I asked for my wage. I left at night and came to "
     "the shelter."},
    {"SEXUAL_ABUSE", "DURING", "SHELTER", "SHELTER", "REPATRIATED", Claim::kCompensation,
     "THREATENED", "EMPLOYER", false, false, false, false,
     "I left the employer in {country} because of what happened there. I do not want it told to "
     "anyone but the counsellor."},
    {"AUTHORITY_HARASSMENT", "DURING", "DESTINATION", "INFORMATION_ONLY", "COMPENSATION",
     Claim::kNone, "THREAT_OF_RETALIATION", "WORKER", false, true, false, false,
     "Men who say they are officers come to our housing in {country} and ask each of us for "
     "money."},
    {"DOCUMENT_RETENTION", "DURING", "DESTINATION", "DOCUMENTS_RETURNED", "", Claim::kNone,
     "CANNOT_LEAVE", "EMPLOYER", false, true, false, false,
     "{respondent} took our passports on the first day and keeps them in the office. Who asks is "
     "told to pay first."},
    {"DEPLOYMENT_DELAY", "BEFORE", "HOME", "FEES_REFUNDED", "DEPLOYED", Claim::kFeeRefund,
     "DEBT_TO_RECRUITER", "WORKER", true, true, false, false,
     "We paid {respondent} and did the training. {months} months have passed and nobody has been "
     "sent to {country}. The office says to wait."},
    {"RECRUITMENT_FRAUD", "BEFORE", "HOME", "FEES_REFUNDED", "COMPENSATION", Claim::kFeeRefund,
     "DECEIVED", "WORKER", true, true, false, false,
     "{respondent} promised work in {country} and took the money. The telephone is off and the "
     "office is empty."},
    {"OVERCHARGED_FEES", "BEFORE", "HOME", "FEES_REFUNDED", "", Claim::kFeeRefund,
     "DEBT_TO_RECRUITER", "WORKER", true, true, false, false,
     "The fee for {country} was three times what the ministry's list says. {respondent} gave a "
     "receipt for a part only."},
    {"UNLICENSED_RECRUITMENT", "BEFORE", "HOME", "FEES_REFUNDED", "", Claim::kFeeRefund, "DECEIVED",
     "WORKER", true, true, false, false,
     "A man came to the village for {respondent} and collected money and papers for {country}. "
     "There is no licence."},
    {"MISSING_PERSON", "DURING", "UNKNOWN", "PERSON_LOCATED", "", Claim::kNone, "LIFE_AT_RISK",
     "EMPLOYER", false, false, false, true,
     "Our relative went to {country} and has not called for {months} months. The number of "
     "{respondent} does not answer."},
    {"FORCED_CONTRACT_EXTENSION", "DURING", "DESTINATION", "REPATRIATED", "WAGES_PAID",
     Claim::kNone, "CANNOT_LEAVE", "EMPLOYER", false, true, false, false,
     "My contract ended {months} months ago. {respondent} says I cannot go home before somebody "
     "comes in my place."},
    {"REPATRIATION_WANTED", "DURING", "DESTINATION", "REPATRIATED", "", Claim::kNone, "",
     "EMPLOYER", false, false, false, false,
     "I want to go home from {country}. {respondent} says I must pay back the ticket and the fee "
     "first."},
    {"DETAINED_OR_DEPORTED", "DURING", "DETAINED", "REPATRIATED", "WAGES_PAID", Claim::kAllWages,
     "DETAINED", "AUTHORITY", false, true, false, true,
     "He was taken at the work place in {country} and is held. {respondent} still owes {months} "
     "months of wages."},
    {"INJURY_OR_ILLNESS", "DURING", "DESTINATION", "MEDICAL_CARE", "COMPENSATION",
     Claim::kCompensation, "NEEDS_MEDICAL_CARE", "WORKER", false, false, true, false,
     "My hand was caught in the machine at {respondent}. They paid the first day in hospital and "
     "nothing after."},
    {"DEATH_REMAINS", "DURING", "DESTINATION", "REPATRIATED", "COMPENSATION", Claim::kCompensation,
     "", "EMPLOYER", false, false, false, true,
     "Our son died at his work in {country}. The family asks for the remains and for what the "
     "insurance owes."},
    {"PERMIT_OR_DOCUMENT_PROBLEM", "DURING", "DESTINATION", "CONTRACT_CORRECTED", "", Claim::kNone,
     "IMMINENT_DEPORTATION", "EMPLOYER", false, true, false, false,
     "{respondent} did not renew the permit though the money was taken from the wage. It runs out "
     "this month."},
    {"SOCIAL_SECURITY", "AFTER", "HOME", "COMPENSATION", "", Claim::kCompensation, "", "WORKER",
     false, true, true, false,
     "I am back from {country}. The contributions that {respondent} took from my wage were never "
     "paid in."},
    {"FREEDOM_OF_ASSOCIATION", "DURING", "DESTINATION", "REINSTATED", "", Claim::kNone,
     "THREAT_OF_RETALIATION", "WORKER", false, true, true, false,
     "After we spoke with the union {respondent} moved us to the night shift and told us not to "
     "meet."},
    {"HOUSING_CONDITIONS", "DURING", "DESTINATION", "SHELTER", "CONTRACT_CORRECTED", Claim::kNone,
     "ABUSIVE_CONDITIONS", "WORKER", false, true, false, false,
     "{respondent} lets us sleep in containers, sixteen in each, with one tap for all."},
    {"RETALIATION", "DURING", "DESTINATION", "REINSTATED", "COMPENSATION", Claim::kCompensation,
     "THREAT_OF_RETALIATION", "WORKER", false, true, true, false,
     "Since I complained at the labour office {respondent} gives me no shifts and says I will be "
     "sent home."},
    {"COMPENSATION_DISPUTE", "AFTER", "HOME", "COMPENSATION", "", Claim::kCompensation, "",
     "WORKER", false, true, true, false,
     "The office in {country} ordered a payment {months} months ago. {respondent} has not paid all "
     "of it."},
    {"CHILD_LABOUR", "DURING", "DESTINATION", "REPATRIATED", "WAGES_PAID", Claim::kPartOfWages,
     "CHILD_INVOLVED", "EMPLOYER", false, false, true, true,
     "She was taken to {country} with the papers of her older sister and works all day for "
     "{respondent}."},
    {"FORCED_LABOUR", "DURING", "DESTINATION", "REPATRIATED", "WAGES_PAID", Claim::kAllWages,
     "CANNOT_LEAVE", "EMPLOYER", false, true, false, false,
     "For {months} months we could not leave {respondent}. There are guards, no wages, and they "
     "say we owe them for the journey."},
    {"TRAFFICKING", "DURING", "TRANSIT", "PERSON_LOCATED", "REPATRIATED", Claim::kNone, "DECEIVED",
     "AGENCY", true, true, false, true,
     "They were promised work in {country} and sold on the way. One of them could call once."},
    {"OTHER", "DURING", "DESTINATION", "INFORMATION_ONLY", "", Claim::kNone, "", "WORKER", false,
     true, true, false,
     "I work for {respondent} in {country} and would like to know what my rights are."}};

// "DOMESTIC_WORK" as a sentence has it: "domestic work".
std::string InWords(std::string_view code) {
  if (code == "OTHER" || code == "UNSPECIFIED") return "any work there was";
  std::string words(code);
  for (char& letter : words) {
    if (letter == '_') letter = ' ';
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return words;
}

}  // namespace

const Story& StoryOf(std::string_view category) {
  const Story* other = nullptr;
  for (const Story& story : kStories) {
    if (story.category == category) return story;
    if (story.category == "OTHER") other = &story;
  }
  return *other;
}

std::string Tell(const Story& story, std::string_view country, std::string_view respondent,
                 int months, std::string_view sector) {
  return absl::StrReplaceAll(absl::string_view(story.narrative.data(), story.narrative.size()),
                             {{"{country}", std::string(country)},
                              {"{respondent}", std::string(respondent)},
                              {"{months}", fmt::format("{}", months)},
                              {"{sector}", InWords(sector)}});
}

}  // namespace redress::sample
