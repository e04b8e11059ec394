#include "mien/base/settings.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = fuzz::write("settings.json", fuzz::text_of(data, size));
  const auto loaded = base::load_settings(file);
  fuzz::expect_error_at_most([&] { base::save_settings(file, loaded.settings); });
  // What was saved is read again as it is.
  if (!base::load_settings(file).problems.empty()) std::abort();
  return 0;
}

}  // namespace mien::fuzz
