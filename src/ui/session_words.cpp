#include "session_words.hpp"

#include <array>
#include <chrono>
#include <ctime>

#include "words.hpp"

namespace mien {

std::string session_date(const SessionEntry& session) {
  const std::time_t time = std::chrono::system_clock::to_time_t(session.started);
  std::tm local{};
  if (time <= 0 || localtime_r(&time, &local) == nullptr) {
    return session.folder.filename().string();
  }
  std::array<char, 64> words{};
  std::strftime(words.data(), words.size(), "%e %b %Y, %H:%M", &local);
  return words[0] == ' ' ? words.data() + 1 : words.data();  // %e pads with a space
}

std::string people_words(int people) {
  if (people == 0) return "nobody";
  return std::to_string(people) + (people == 1 ? " person" : " people");
}

std::string session_facts(const SessionEntry& session) {
  // Of what was not closed hardly anything is known before it is mended.
  if (session.state == SessionEntry::State::broken && session.seconds <= 0) {
    return size_words(session.bytes);
  }
  std::string words = clock_words(session.seconds) + " · " + people_words(session.people);
  return words + " · " + size_words(session.bytes);
}

}  // namespace mien
