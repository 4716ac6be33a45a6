#ifndef REDRESS_TOOLS_REDRESS_ARGUMENTS_H_
#define REDRESS_TOOLS_REDRESS_ARGUMENTS_H_

#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/repeated_field.h"
#include "grpcpp/client_context.h"
#include "tools/redress/output.h"
#include "tools/redress/session.h"

// What many commands take on the command line, each said once.
namespace redress::cli {

using TextSetter = std::function<void(const std::string&)>;

// As codes are written, in capitals and with underscores: "wage-underpayment" is
// WAGE_UNDERPAYMENT.
std::string CodeOf(std::string_view typed);

// An option whose values are codes: any case, hyphens or underscores.
CLI::Option* Coded(CLI::Option* option);

// An option whose values are written in capitals and keep their hyphens: countries, currencies,
// provinces, case numbers.
CLI::Option* InCapitals(CLI::Option* option);

// The positional `case`, and what every one of its commands says of it.
CLI::Option* AddCaseArgument(CLI::App* command, TextSetter set);
CLI::Option* AddCaseArgument(CLI::App* command, std::string& number);

// The positional `referral`.
CLI::Option* AddReferralArgument(CLI::App* command, TextSetter set);
CLI::Option* AddReferralArgument(CLI::App* command, std::string& referral);

// The positional `id`, of commands that work on a case as on a referral.
CLI::Option* AddCaseOrReferralArgument(CLI::App* command, std::string& id);

// --since as a day; a usage error when it is none. Empty stays unset.
absl::StatusOr<int64_t> SecondsOfDay(const std::string& day, const std::string& option);

// A day from today on, for the examples of commands that take one ahead.
std::string DayAhead(int days);

inline void AddAll(const std::vector<std::string>& from,
                   google::protobuf::RepeatedPtrField<std::string>* to) {
  for (const std::string& text : from) *to->Add() = text;
}

struct PageOptions {
  int size = 50;
  std::string token;
  bool all = false;
};

void AddPageOptions(CLI::App* command, PageOptions& options);

// Pages of --all are as large as pages may be.
inline constexpr int kLargestPage = 200;

// Appends a page to those read before it. Lists whose answer is more than rows have their own.
template <class Response>
void AppendPage(const Response& page, Response& all) {
  all.MergeFrom(page);
}

// One page, or with --all every page from there on as one answer.
template <class Stub, class Request, class Response>
absl::StatusOr<Response> CallPages(Session& session, Stub& stub,
                                   grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   Request request, const PageOptions& options,
                                   void (*append)(const Response&, Response&) = AppendPage) {
  request.set_page_size(options.all ? kLargestPage : options.size);
  request.set_page_token(options.token);
  ASSIGN_OR_RETURN(Response all, session.Call(stub, method, request));
  while (options.all && !all.next_page_token().empty()) {
    request.set_page_token(all.next_page_token());
    ASSIGN_OR_RETURN(const Response page, session.Call(stub, method, request));
    all.clear_next_page_token();
    append(page, all);
  }
  return all;
}

// Finds an enum's value by its short name ("OPEN", in any case); a usage error lists what there is.
template <class Enum>
absl::StatusOr<Enum> EnumByName(const std::string& name, const std::string& option) {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<Enum>();
  const std::string code = CodeOf(name);
  std::string known;
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto* value = descriptor->value(i);
    if (value->number() == 0) continue;
    const std::string shown = WithoutEnumPrefix(value->name(), descriptor->name());
    if (shown == code || value->name() == code) return static_cast<Enum>(value->number());
    known += (known.empty() ? "" : ", ") + shown;
  }
  return UsageError(option + ": \"" + name + "\" is unknown; there are " + known);
}

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_ARGUMENTS_H_
