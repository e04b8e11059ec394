// Names of folders and files, one a line: "class/file".

#include <algorithm>

#include "mien/sources/labelled_folder.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace fs = std::filesystem;
  const auto root = fuzz::folder() / "set";
  std::error_code ignored;
  fs::create_directories(root, ignored);
  auto text = fuzz::text_of(data, std::min<std::size_t>(size, 4096));
  while (!text.empty()) {
    const auto line = std::string(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto slash = line.find('/');
    const auto name = line.substr(0, slash);
    if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string::npos)
      continue;
    fs::create_directory(root / name, ignored);
    if (slash == std::string::npos) continue;
    auto file = line.substr(slash + 1);
    std::replace(file.begin(), file.end(), '/', '_');
    std::ofstream(root / name / file) << "x";
  }
  fuzz::expect_error_at_most([&] { sources::scan_labelled_folder(root); });
  fs::remove_all(root, ignored);
  return 0;
}

}  // namespace mien::fuzz
