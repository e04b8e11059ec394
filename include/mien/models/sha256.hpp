#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mien::models {

/// SHA-256 of bytes that come in pieces. One thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  /// The content of a regular file. `stop`, unless empty, is asked now and then; false when it
  /// said yes. Throws Error when the file cannot be read.
  bool add_file(const std::filesystem::path& file, const std::function<bool()>& stop = {});
  /// Lower-case hex of all that was added; nothing more can be added.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Lower-case hex SHA-256 of a file. Throws Error when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace mien::models
