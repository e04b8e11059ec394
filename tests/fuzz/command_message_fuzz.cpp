// What a shell, or anything else of the same user, writes to the window's socket.

#include "mien/base/utf8.hpp"

#include "command_message.hpp"
#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono_literals;
  const std::chrono::steady_clock::time_point now{1'000'000s};
  const auto message = text_of(data, size);
  expect_error_at_most([&] {
    const auto command = outputs::parse_command(message, now);
    if (command.at > now || command.at < now - outputs::kOldestCommand ||
        command.text.size() > outputs::kLongestMarker || !base::is_utf8(command.text) ||
        message.size() >= outputs::kLongestMessage) {
      std::abort();
    }
    // What was taken can be said again.
    const auto again = outputs::parse_command(outputs::command_message(command), now);
    if (again.kind != command.kind || again.at != command.at || again.text != command.text) {
      std::abort();
    }
  });
  expect_error_at_most([&] { (void)outputs::problem_in_answer(message); });
  return 0;
}

}  // namespace mien::fuzz
