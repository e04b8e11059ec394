#include <filesystem>
#include <memory>

#include "mien/base/error.hpp"
#include "mien/reports/exports.hpp"
#include "mien/reports/report.hpp"
#include "mien/sessions/session_check.hpp"
#include "mien/sessions/session_store.hpp"

#include "command.hpp"
#include "options.hpp"
#include "output.hpp"

namespace mien::cli {
namespace {

/// More than these would only scroll the first ones away.
constexpr std::size_t kMaxProblems = 20;

struct ReportOptions {
  std::string folder;
  bool verify = false;
  bool recover = false;
  std::vector<std::string> formats;
  bool json = false;
};

int verify(const ReportOptions& options) {
  const auto check = sessions::check_session(options.folder);
  if (options.json) {
    nlohmann::ordered_json json = {{"session", options.folder},
                                   {"agrees", check.problems.empty()},
                                   {"table_frames", check.table_frames},
                                   {"video_frames", nullptr},
                                   {"rows", check.rows},
                                   {"events", check.events},
                                   {"problems", check.problems}};
    if (check.video) json["video_frames"] = check.video_frames;
    print_json(json);
    return check.problems.empty() ? kDone : kFailed;
  }
  if (check.problems.empty()) {
    print_line(options.folder + ": " + std::to_string(check.table_frames) + " frames, " +
               std::to_string(check.rows) + " rows, " + std::to_string(check.events) +
               " events; " + (check.video ? "video, tables" : "tables (no video)") +
               " and session.json agree");
    return kDone;
  }
  for (std::size_t i = 0; i < std::min(check.problems.size(), kMaxProblems); ++i) {
    print_problem(check.problems[i]);
  }
  if (check.problems.size() > kMaxProblems) {
    print_problem("And " + std::to_string(check.problems.size() - kMaxProblems) + " more.");
  }
  return kFailed;
}

int recover(const ReportOptions& options) {
  const auto recovery = sessions::recover_session(options.folder);
  if (recovery.frames > 0) reports::make_report(options.folder);
  if (options.json) {
    print_json({{"session", options.folder},
                {"frames", recovery.frames},
                {"seconds", base::rounded(recovery.seconds, 3)},
                {"words", recovery.words}});
  } else {
    print_line(options.folder + ": " + recovery.words);
  }
  return kDone;
}

int report(const ReportOptions& options) {
  const auto session = sessions::read_session(options.folder);
  std::vector<std::filesystem::path> files;
  if (options.formats.empty()) files.push_back(reports::write_report(session));
  for (const auto& format : options.formats) {
    files.push_back(reports::export_session(session, reports::export_format(format)));
  }
  auto json = nlohmann::ordered_json::array();
  for (const auto& file : files) {
    json.push_back(file.string());
    if (!options.json) print_line(file.string());
  }
  if (options.json) print_json({{"session", options.folder}, {"files", json}});
  return kDone;
}

}  // namespace

void add_report_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand(
      "report", "Make the report of a recorded session, check it, recover it, or export it");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("SESSION_DIR", options->folder, "The session's folder")
      ->required()
      ->type_name("")
      ->check(kNotEmpty);
  auto* verify_flag = command->add_flag(
      "--verify", options->verify,
      "Prove that video, tables and session.json agree; each disagreement is a line");
  auto* recover_flag = command->add_flag(
      "--recover", options->recover,
      "Make a whole session of one whose recording was cut off: finish the\n"
      "video, trim the tables to it, complete session.json, write the report");
  recover_flag->excludes(verify_flag);
  add_export_option(*command, options->formats)->excludes(verify_flag)->excludes(recover_flag);
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([&action, options] {
    action = [options] {
      if (options->recover) return recover(*options);
      return options->verify ? verify(*options) : report(*options);
    };
  });
}

}  // namespace mien::cli
