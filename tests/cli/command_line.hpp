#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mien/cli/commands.hpp"

namespace mien::cli {

/// What a run of the command line gave.
struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
  int windows = 0;              ///< how often the window was opened
  base::WindowOptions options;  ///< the last time
};

/// Runs `mien` with these words, as main() does.
inline Outcome run_mien(const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"mien"};
  for (const auto& word : words) argv.push_back(word.c_str());
  Outcome outcome;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  outcome.code = run_command_line(static_cast<int>(argv.size()), argv.data(),
                                  {.open = [&](const base::WindowOptions& options) {
                                    ++outcome.windows;
                                    outcome.options = options;
                                    return kDone;
                                  }});
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

/// A folder that goes with the test, and a home without models or settings of the user's.
class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() {
    std::string name = (std::filesystem::temp_directory_path() / "mien-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    home_ = name + "-home";
    ::setenv("XDG_DATA_HOME", home("data").c_str(), 1);
    ::setenv("XDG_CONFIG_HOME", home("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", home("state").c_str(), 1);
    write(home("data/mien/notice-told"), "");  // the first-run notice is a test of its own
  }
  ~CommandLineTest() override {
    ::unsetenv("XDG_DATA_HOME");
    ::unsetenv("XDG_CONFIG_HOME");
    ::unsetenv("XDG_STATE_HOME");
    std::error_code code;
    std::filesystem::remove_all(root_, code);
    std::filesystem::remove_all(home_, code);
  }

  std::string path(const std::string& name) const { return (root_ / name).string(); }
  /// Of the user's data and settings, which lie elsewhere.
  std::string home(const std::string& name) const { return (home_ / name).string(); }
  std::string write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << content;
    return path(name);
  }
  static std::string portrait() { return MIEN_SOURCE_DIR "/assets/demo/astronaut.png"; }

  std::filesystem::path root_, home_;
};

}  // namespace mien::cli
