#ifndef REDRESS_TOOLS_REDRESS_BACKUP_COMMANDS_H_
#define REDRESS_TOOLS_REDRESS_BACKUP_COMMANDS_H_

#include <string>
#include <vector>

#include "redress/node/v1/backup.pb.h"
#include "tools/redress/commands.h"

namespace redress::cli {

// `node backup DIR` and `node backup list`. The result is the command `node backup`, for more below
// it.
CLI::App* AddBackupCommands(Commands& commands, CLI::App* node_group);
// `node backup verify` and `node restore`, which need no running node.
void AddRestoreCommands(Commands& commands, CLI::App* node_group, CLI::App* backup_command);

// `node check`, the same.
void AddCheckCommand(Commands& commands, CLI::App* node_group);

// "12.3 MiB".
std::string SizeText(uint64_t bytes);
// "2026-11-26 08:00:00 UTC".
std::string MomentText(const google::protobuf::Timestamp& time);

// Long work tells on stderr where it is; one line after another, never over stdout's answer.
void TellProgress(std::string_view what);
// Of restore points that are passed over, on stderr too.
void TellUnreadable(const std::vector<absl::Status>& points);

// What a command that works on files of this machine meets is a refusal, whatever its code: "3
// unreachable" speaks of a node.
absl::Status LocalError(const absl::Status& status);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_BACKUP_COMMANDS_H_
