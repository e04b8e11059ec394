#include "mien/cli/commands.hpp"

#include <filesystem>
#include <iostream>
#include <set>
#include <span>
#include <string_view>

#include "mien/analysis/model_tasks.hpp"
#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/models/model_process.hpp"
#include "mien/sessions/privacy.hpp"

#include "command.hpp"
#include "help_texts.hpp"
#include "logging.hpp"
#include "options.hpp"
#include "output.hpp"
#include "system_check.hpp"

namespace mien::cli {
namespace {

// A new subcommand: a line here. In the order of the help.
constexpr AddCommand kCommands[] = {
    add_analyze_command,
    add_cameras_command,
    add_models_command,
    add_detectors_command,
    add_eval_command,
    add_bench_command,
    add_report_command,
    add_synthesize_command,
    add_train_command,
    add_mark_command,
    add_record_command,
    // Hidden from the help.
    add_write_pages_command,
    add_complete_words_command,
};

constexpr const char* kWindowGroup = "The window";

void add_window_options(CLI::App& root, base::WindowOptions& options) {
  const std::string group = kWindowGroup;
  root.add_option("--source", options.source,
                  "demo, camera:N, /dev/videoN, a picture, a video, a folder\n"
                  "of pictures or a URL (http, https, rtsp)")
      ->type_name("SOURCE")
      ->group(group);
  add_model_option(root, options.model)->group(group);
  add_reading_option(root, options.reading)->group(group);
  add_detector_option(root, options.detector)->group(group);
  add_landmarks_option(root, options.landmarks, "the one chosen last, at first face-mesh")
      ->group(group);
  add_columns_option(root, options.columns)->group(group);
  add_send_option(root, options.send)->group(group);
  root.add_flag("--record", options.record, "Start recording at once")->group(group);
  root.add_option("--privacy", options.privacy,
                  "What recordings keep: everything, blurred (faces) or\n"
                  "data-only (no picture)")
      ->type_name("MODE")
      ->check([](const std::string& mode) {
        return sessions::privacy_of(mode) ? "" : "MODE is everything, blurred or data-only";
      })
      ->group(group);
  add_encoder_option(root, options.encoder)->group(group);
  root.add_option("--sessions", options.sessions, "Where recorded sessions go")
      ->type_name("DIR")
      ->group(group);
  root.add_option("--screenshot", options.screenshot,
                  "Write a picture of the window to FILE before leaving")
      ->type_name("FILE")
      ->group(group);
  root.add_option("--exit-after", options.exit_after, "Leave after that many seconds")
      ->type_name("SECONDS")
      ->check(kSeconds)
      ->group(group);
}

/// Options of the window have no effect on a subcommand; ignoring them silently would mislead.
void refuse_window_options(const CLI::App& root) {
  const auto chosen = root.get_subcommands();
  if (chosen.empty()) return;
  for (const auto* option : root.get_options()) {
    if (option->get_group() == kWindowGroup && option->count() > 0) {
      throw CLI::ValidationError(option->get_name() + " is for the window; options of " +
                                     chosen.front()->get_name() + " go after it",
                                 CLI::ExitCodes::ExcludesError);
    }
  }
}

/// `mien --check` looks at everything; an option that it ignored would mislead, too.
void refuse_beside_check(const CLI::App& root) {
  if (root.get_option("--check")->count() == 0) return;
  std::string other;
  if (!root.get_subcommands().empty()) other = root.get_subcommands().front()->get_name();
  for (const auto* option : root.get_options()) {
    if (option->get_group() == kWindowGroup && option->count() > 0) other = option->get_name();
  }
  if (other.empty()) return;
  throw CLI::ValidationError("--check stands alone; leave " + other + " out",
                             CLI::ExitCodes::ExcludesError);
}

/// The window loads its model late; a reading that no model has is reported at once.
void check_reading(const base::WindowOptions& window) {
  if (window.reading.empty()) return;
  const auto library = models::ModelLibrary::standard();
  if (!window.model.empty()) {
    (void)choose_model(library, window.model, window.reading);
    return;
  }
  std::set<std::string> known;
  for (const auto& card : library.cards(models::ModelCard::Task::emotion)) {
    for (const auto& reading : card.readings) known.insert(reading.id);
  }
  if (known.contains(window.reading)) return;
  std::string words;
  for (const auto& word : known) words += (words.empty() ? "" : ", ") + word;
  throw UsageError("No model has a reading \"" + window.reading + "\"; " +
                   (words.empty() ? std::string("none has a choice of readings")
                                  : "choose one of " + words) +
                   ".");
}

/// The word that was taken for an option though it is the name of a file; empty when there is
/// none.
std::string file_like_an_option(std::span<const char* const> words) {
  for (const std::string_view word : words) {
    std::error_code ignored;
    if (word.size() > 1 && word.starts_with('-') && std::filesystem::exists(word, ignored)) {
      return std::string(word);
    }
  }
  return {};
}

int report_usage(const CLI::App& root, const CLI::ParseError& error,
                 std::span<const char* const> words) {
  if (error.get_exit_code() == 0) {  // --help, --version
    root.exit(error);
    check_output();
    return kDone;
  }
  if (const auto file = file_like_an_option(words); !file.empty()) {
    print_problem("The name " + file + " looks like an option; write ./" + file + " instead.");
    return kUsage;
  }
  std::string command = "mien";
  for (const auto* sub : root.get_subcommands()) command += ' ' + sub->get_name();
  std::string message = error.what();
  if (root.get_subcommands().empty() &&
      dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !root.remaining().empty() &&
      !root.remaining().front().starts_with('-')) {
    message = "\"" + root.remaining().front() +
              "\" is not a subcommand; use --source to open a file in the window";
  }
  while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
    message.pop_back();
  print_problem(message + ". See `" + command + " --help`.");
  return kUsage;
}

int run(int argc, const char* const* argv, const WindowHooks& hooks) {
  CLI::App root(kAbout, "mien");
  root.footer(help_footer());
  root.set_version_flag("--version", "mien " MIEN_VERSION, "Print the version and leave");
  root.require_subcommand(0, 1);
  root.get_formatter()->column_width(36);
  base::WindowOptions window;
  bool check = false;
  Command action = [&] {
    if (check) return check_the_system(hooks);
    check_reading(window);
    (void)choose_movements(window.landmarks, window.columns);
    base::log::info("cli", "The window opens");
    const int code = hooks.open(window);
    base::log::info("cli", "The window has closed; exit code ", code);
    return code;
  };
  root.add_flag("--check", check, kCheckHelp);
  add_window_options(root, window);
  for (const auto add : kCommands) add(root, action);
  for (auto* sub : root.get_subcommands({})) {
    if (sub->get_footer() == help_footer()) sub->footer("");  // it is the window's
    sub->set_version_flag("--version", "mien " MIEN_VERSION, "Print the version and leave");
  }
  try {
    root.parse(argc, argv);
    refuse_window_options(root);
    refuse_beside_check(root);
  } catch (const CLI::ParseError& error) {
    return report_usage(root, error, {argv + 1, static_cast<std::size_t>(argc - 1)});
  }
  start_log({argv, static_cast<std::size_t>(argc)});
  return action();
}

/// Detached threads may log until here, not after.
struct LogEnd {
  ~LogEnd() { base::log::stop(); }
};

}  // namespace

int run_command_line(int argc, const char* const* argv, const WindowHooks& window) {
  if (argc > 1 && std::string_view(argv[1]) == models::kModelWorkerArgument)
    return analysis::run_model_worker();
  const LogEnd log_end;
  try {
    return run(argc, argv, window);
  } catch (const UsageError& error) {
    print_problem(error.what());
    return kUsage;
  } catch (...) {
    print_problem(base::describe_current_exception());
    return kFailed;
  }
}

}  // namespace mien::cli
