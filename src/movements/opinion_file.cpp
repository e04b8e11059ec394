#include "mien/movements/opinion_file.hpp"

#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/log.hpp"
#include "mien/base/paths.hpp"

namespace fs = std::filesystem;

namespace mien::movements {
namespace {

constexpr const char* kOpinionFileName = "opinions.rules";

OpinionRules read_rules(const fs::path& file) {
  return OpinionRules::parse(base::read_text_file(file, OpinionRules::kMostBytes),
                             file.string());
}

}  // namespace

OpinionFile::OpinionFile(const fs::path& shipped, fs::path own)
    : shipped_(read_rules(shipped)),
      own_(std::move(own)),
      rules_(std::make_shared<OpinionRules>(shipped_)) {
  stamp_ = stamp_of(own_);
  if (stamp_.there || stamp_.error) read_own(false);
}

OpinionFile OpinionFile::standard() {
  return {base::data_dir() / "assets" / kOpinionFileName,
          base::user_config_dir() / kOpinionFileName};
}

OpinionFile::Stamp OpinionFile::stamp_of(const fs::path& file) {
  Stamp stamp;
  const auto status = fs::status(file, stamp.error);
  if (stamp.error == std::errc::no_such_file_or_directory ||
      stamp.error == std::errc::not_a_directory) {
    return {};
  }
  if (!stamp.error) stamp.time = fs::last_write_time(file, stamp.error);
  if (stamp.error) return stamp;
  stamp.there = true;
  stamp.permissions = status.permissions();
  std::error_code no_file;  // a folder has no size; reading it says what it is
  stamp.size = fs::file_size(file, no_file);
  return stamp;
}

bool OpinionFile::refresh() {
  // The state before it is read: what is written in between is seen the next time.
  const Stamp stamp = stamp_of(own_);
  if (stamp == stamp_) return false;
  const Stamp before = std::exchange(stamp_, stamp);
  return read_own(before.there || before.error);
}

bool OpinionFile::read_own(bool gone) {
  std::string problem;
  std::shared_ptr<const OpinionRules> rules = rules_;
  if (stamp_.error) {
    problem = "The rules in " + own_.string() + " cannot be read: " + stamp_.error.message() +
              "; make the file readable.";
  } else if (!stamp_.there) {
    rules = std::make_shared<OpinionRules>(shipped_);
    if (gone) {
      problem = "The rules in " + own_.string() +
                " are gone; the program's own are used until the file is back.";
    }
  } else {
    try {
      rules = std::make_shared<OpinionRules>(shipped_.with(read_rules(own_)));
    } catch (...) {
      problem = base::describe_current_exception();
    }
  }
  if (!problem.empty()) base::log::warn("movements", problem);
  const bool changed = rules != rules_ || problem != problem_;
  rules_ = std::move(rules);
  problem_ = std::move(problem);
  return changed;
}

}  // namespace mien::movements
