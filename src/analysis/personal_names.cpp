#include <cctype>
#include <string_view>

#include "mien/analysis/system_check.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/text.hpp"
#include "mien/system/system_info.hpp"

namespace mien::analysis {
namespace {

bool is_part_of_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Replaces `word`, whatever its case, where neither side goes on as a word.
std::string with_word_replaced(const std::string& text, const std::string& word,
                               const char* instead) {
  // Nothing, or a letter or two, is in any text.
  if (word.size() < 3) return text;
  const auto lower = base::ascii_lower(text);
  const auto wanted = base::ascii_lower(word);
  std::string result;
  std::size_t from = 0;
  for (auto at = lower.find(wanted); at != std::string::npos; at = lower.find(wanted, from)) {
    const auto end = at + wanted.size();
    const bool whole = (at == 0 || !is_part_of_word(text[at - 1])) &&
                       (end == text.size() || !is_part_of_word(text[end]));
    result.append(text, from, at - from);
    result += whole ? std::string(instead) : text.substr(at, wanted.size());
    from = end;
  }
  return result.append(text, from);
}

std::string with_home_replaced(std::string text, const std::string& home) {
  if (home.size() < 2) return text;
  for (auto at = text.find(home); at != std::string::npos; at = text.find(home, at + 1)) {
    const auto end = at + home.size();
    if (end == text.size() || !is_part_of_word(text[end])) text.replace(at, home.size(), "~");
  }
  return text;
}

}  // namespace

PersonalNames personal_names() {
  return {.home = base::home_dir(), .user = system::user_name(), .host = system::host_name()};
}

std::string without_names(std::string text, const PersonalNames& names) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(names.home, error);
  for (const auto& home : {names.home.string(), real.string()}) {
    text = with_home_replaced(std::move(text), home);
  }
  text = with_word_replaced(text, names.user, "(user)");
  return with_word_replaced(text, names.host, "(host)");
}

}  // namespace mien::analysis
