#include <memory>
#include <string>

#include "tools/redress/case_verb.h"
#include "tools/redress/referral_verb.h"

namespace redress::cli {
namespace {

using namespace redress::referral::v1;  // NOLINT: this file is all about these messages.

template <class Request, class Response>
using DirectoryMethod = grpc::Status (DirectoryStub::*)(grpc::ClientContext*, const Request&,
                                                        Response*);

template <class Request, class Response>
absl::StatusOr<Response> CallDirectory(Session& session, DirectoryMethod<Request, Response> method,
                                       const Request& request) {
  const auto stub = DirectoryOf(session);
  return session.Call(*stub, method, request);
}

struct PutOptions {
  std::string json;
  std::string etag;
  std::string agreement_id;
  std::string party;
  uint64_t version = 0;
};

template <class Request, class Response>
absl::Status Put(Run& run, const PutOptions& options, DirectoryMethod<Request, Response> method,
                 Request request) {
  request.set_request_id(run.session.RequestId());
  request.set_etag(options.etag);
  ASSIGN_OR_RETURN(const Response response,
                   (CallDirectory<Request, Response>(run.session, method, request)));
  run.output.Message(response);
  return absl::OkStatus();
}

CLI::App* AddPut(Commands& commands, CLI::App* group, const std::string& what,
                 const std::shared_ptr<PutOptions>& options, const std::string& more,
                 Commands::Action action) {
  CLI::App* command = commands.Add(
      group, "put", "Add or replace one of this node's own; peers are told",
      "-p my-admin directory " + what + " put @" + what + ".json" + more, std::move(action));
  command->add_option("json", options->json, "JSON, or @file")->required();
  command->add_option("--etag", options->etag,
                      "The etag of the one that is replaced; leave it out for a new one");
  return command;
}

// `show`: one text argument, one call, the whole answer.
template <class Request, class Response>
void AddShow(Commands& commands, CLI::App* group, const std::string& what,
             const std::string& example, void (Request::*setter)(const std::string&),
             DirectoryMethod<Request, Response> method) {
  auto id = std::make_shared<std::string>();
  commands
      .Add(group, "show", "Show one with everything the directory holds of it",
           "-p kh-ministry directory " + what + " show " + example,
           [id, setter, method](Run& run) -> absl::Status {
             Request request;
             (request.*setter)(*id);
             ASSIGN_OR_RETURN(const Response response,
                              (CallDirectory<Request, Response>(run.session, method, request)));
             run.output.Message(response);
             return absl::OkStatus();
           })
      ->add_option("id", *id, "Its id")
      ->required();
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

template <class Request>
struct ListOptions {
  Request request;
  PageOptions page;
};

template <class Request>
auto SetText(const std::shared_ptr<ListOptions<Request>>& options,
             void (Request::*setter)(const std::string&)) {
  return [options, setter](const std::string& value) { (options->request.*setter)(value); };
}

// A group within the group.
CLI::App* AddPart(CLI::App* directory, const std::string& name, const std::string& description) {
  CLI::App* part = directory->add_subcommand(name, description);
  part->require_subcommand(1);
  part->group("Parts");
  part->footer("Help on one of them, with an example: redress directory " + name +
               " COMMAND --help");
  return part;
}

absl::Status ListBodies(Run& run, const ListOptions<ListBodiesRequest>& options) {
  const auto stub = DirectoryOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &DirectoryStub::ListBodies,
                                                  options.request, options.page));
  Table table({"BODY", "KIND", "NAME", "COUNTRY", "ACTIVE", "ASSURED", "LANGUAGES"});
  table.MayCut({"NAME", "LANGUAGES", "KIND"});
  for (const auto& body : response.bodies()) {
    table.AddRow(
        {body.body_id(), body.kind(), body.names().empty() ? "" : body.names(0).name(),
         body.country(), body.active() ? "yes" : "no", body.assured_on(), Joined(body.languages())},
        body.active() ? Colour::kNone : Colour::kDim);
  }
  run.output.List(response, table, "No bodies.", response.next_page_token());
  return absl::OkStatus();
}

void AddBodies(Commands& commands, CLI::App* directory) {
  CLI::App* group = AddPart(directory, "body", "Unions, labour offices, ministries, desks");
  auto options = std::make_shared<ListOptions<ListBodiesRequest>>();
  CLI::App* list =
      commands.Add(group, "list", "List bodies", "-p kh-ministry directory body list --country MY",
                   [options](Run& run) { return ListBodies(run, *options); });
  using R = ListBodiesRequest;
  const auto text = [&](const char* name, void (R::*setter)(const std::string&), const char* help) {
    return list->add_option_function<std::string>(name, SetText(options, setter), help);
  };
  text("--node", &R::set_node_id<const std::string&>, "Of this node, as my");
  InCapitals(text("--country", &R::set_country<const std::string&>, "In this country, as MY"));
  Coded(text("--kind", &R::set_kind<const std::string&>,
             "TRADE_UNION, RESOURCE_CENTRE, NGO, LABOUR_MINISTRY, LABOUR_OFFICE,"
             " PROVINCIAL_DEPARTMENT, EMBASSY, ANTI_TRAFFICKING, REGIONAL, COURT or OTHER"));
  Coded(text("--category", &R::set_category<const std::string&>, "That takes this category"));
  Coded(text("--sector", &R::set_sector<const std::string&>, "That takes this sector"));
  list->add_flag_function(
      "--inactive", [options](int64_t) { options->request.set_include_inactive(true); },
      "Inactive ones, too");
  AddPageOptions(list, options->page);
  AddShow(commands, group, "body", "my:mtuc", &GetBodyRequest::set_body_id<const std::string&>,
          &DirectoryStub::GetBody);
  auto put = std::make_shared<PutOptions>();
  AddPut(commands, group, "body", put, "", [put](Run& run) -> absl::Status {
    PutBodyRequest request;
    RETURN_IF_ERROR(ReadJsonArgument(put->json, *request.mutable_body()));
    return Put(run, *put, &DirectoryStub::PutBody, std::move(request));
  });
}

absl::Status ListAgreements(Run& run, const ListOptions<ListAgreementsRequest>& options) {
  const auto stub = DirectoryOf(run.session);
  ASSIGN_OR_RETURN(
      const auto response,
      CallPages(run.session, *stub, &DirectoryStub::ListAgreements, options.request, options.page));
  Table table({"AGREEMENT", "PARTIES", "FROM", "TO", "BOTH HALVES", "IN FORCE"});
  for (const auto& agreement : response.agreements()) {
    table.AddRow({agreement.agreement_id(), Joined(agreement.terms().party_body_ids()),
                  agreement.terms().in_force().from(), agreement.terms().in_force().to(),
                  agreement.halves_match() ? "yes" : "no", agreement.in_force() ? "yes" : "no"},
                 agreement.in_force() ? Colour::kGreen : Colour::kDim);
  }
  run.output.List(response, table, "No agreements.", response.next_page_token());
  return absl::OkStatus();
}

void AddAgreements(Commands& commands, CLI::App* directory) {
  CLI::App* group = AddPart(directory, "agreement", "Agreements between bodies");
  auto options = std::make_shared<ListOptions<ListAgreementsRequest>>();
  CLI::App* list = commands.Add(group, "list", "List agreements",
                                "-p kh-ministry directory agreement list --in-force",
                                [options](Run& run) { return ListAgreements(run, *options); });
  using R = ListAgreementsRequest;
  list->add_option_function<std::string>(
      "--party", SetText<R>(options, &R::set_party_body_id<const std::string&>), "With this body");
  list->add_option_function<std::string>(
      "--node", SetText<R>(options, &R::set_node_id<const std::string&>), "With this node");
  list->add_flag_function(
      "--in-force", [options](int64_t) { options->request.set_in_force(true); },
      "Only those in force");
  AddPageOptions(list, options->page);
  AddShow(commands, group, "agreement", "kh-my:cuf-mtuc",
          &GetAgreementRequest::set_agreement_id<const std::string&>, &DirectoryStub::GetAgreement);
  auto put = std::make_shared<PutOptions>();
  CLI::App* command =
      AddPut(commands, group, "agreement", put, " --id kh-my:cuf-mtuc --party my:mtuc --version 1",
             [put](Run& run) -> absl::Status {
               PutAgreementRequest request;
               RETURN_IF_ERROR(ReadJsonArgument(put->json, *request.mutable_terms()));
               request.set_agreement_id(put->agreement_id);
               request.set_party_body_id(put->party);
               request.set_version(put->version);
               return Put(run, *put, &DirectoryStub::PutAgreement, std::move(request));
             });
  command->add_option("--id", put->agreement_id, "The id that both parties use")->required();
  command->add_option("--party", put->party, "The party of this node, whose half it is")
      ->required();
  command->add_option("--version", put->version, "The version that both parties use")->required();
}

absl::Status ListPostings(Run& run, const ListOptions<ListPostingsRequest>& options) {
  const auto stub = DirectoryOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &DirectoryStub::ListPostings,
                                                  options.request, options.page));
  Table table({"POSTING", "FROM COUNTRY", "IN", "SINCE", "UNTIL", "MISSION"});
  for (const auto& posting : response.postings()) {
    table.AddRow({posting.posting_id(), posting.sending_country(), posting.host_country(),
                  posting.from(), posting.to(), posting.mission_body_id()});
  }
  run.output.List(response, table, "No postings.", response.next_page_token());
  return absl::OkStatus();
}

void AddPostings(Commands& commands, CLI::App* directory) {
  CLI::App* group = AddPart(directory, "posting", "Postings of labour attachés");
  auto options = std::make_shared<ListOptions<ListPostingsRequest>>();
  CLI::App* list = commands.Add(group, "list", "List postings",
                                "-p kh-ministry directory posting list --host MY",
                                [options](Run& run) { return ListPostings(run, *options); });
  using R = ListPostingsRequest;
  InCapitals(list->add_option_function<std::string>(
      "--sending", SetText<R>(options, &R::set_sending_country<const std::string&>),
      "Of this country, as KH"));
  InCapitals(list->add_option_function<std::string>(
      "--host", SetText<R>(options, &R::set_host_country<const std::string&>),
      "In this country, as MY"));
  list->add_flag_function(
      "--in-office", [options](int64_t) { options->request.set_in_office(true); },
      "Only those in office today");
  AddPageOptions(list, options->page);
  AddShow(commands, group, "posting", "kh:kl-2026",
          &GetPostingRequest::set_posting_id<const std::string&>, &DirectoryStub::GetPosting);
  auto put = std::make_shared<PutOptions>();
  AddPut(commands, group, "posting", put, "", [put](Run& run) -> absl::Status {
    PutPostingRequest request;
    RETURN_IF_ERROR(ReadJsonArgument(put->json, *request.mutable_posting()));
    return Put(run, *put, &DirectoryStub::PutPosting, std::move(request));
  });
}

}  // namespace

void AddDirectoryCommands(Commands& commands) {
  CLI::App* directory = commands.AddGroup(
      "directory", "Who can act, under which agreement, who is posted where", "Between bodies");
  AddBodies(commands, directory);
  AddAgreements(commands, directory);
  AddPostings(commands, directory);
}

}  // namespace redress::cli
