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
  if (stamp_.there) read_own();
}

OpinionFile OpinionFile::standard() {
  return {base::data_dir() / "assets" / kOpinionFileName,
          base::user_config_dir() / kOpinionFileName};
}

OpinionFile::Stamp OpinionFile::stamp_of(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  if (error) return {};
  const auto size = fs::file_size(file, error);
  return {time, error ? 0 : size, true};
}

bool OpinionFile::refresh(std::chrono::nanoseconds now) {
  if (looked_ && now >= *looked_ && now - *looked_ < kLookEvery) return false;
  looked_ = now;
  // The state before it is read: what is written in between is seen the next time.
  Stamp stamp = stamp_of(own_);
  if (stamp == stamp_) return false;
  stamp_ = stamp;
  return read_own();
}

bool OpinionFile::read_own() {
  std::string problem;
  std::shared_ptr<const OpinionRules> rules = rules_;
  if (!stamp_.there) {
    rules = std::make_shared<OpinionRules>(shipped_);
  } else {
    try {
      rules = std::make_shared<OpinionRules>(shipped_.with(read_rules(own_)));
    } catch (...) {
      problem = base::describe_current_exception();
      base::log::warn("movements", problem);
    }
  }
  const bool changed = rules != rules_ || problem != problem_;
  rules_ = std::move(rules);
  problem_ = std::move(problem);
  return changed;
}

}  // namespace mien::movements
