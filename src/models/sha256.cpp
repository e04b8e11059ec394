#include "mien/models/sha256.hpp"

#include <array>
#include <cstdint>

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/sha.h>
}

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/text.hpp"

namespace mien::models {

struct Sha256::State {
  std::unique_ptr<AVSHA, decltype(&av_free)> sha{av_sha_alloc(), av_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (!state_->sha || av_sha_init(state_->sha.get(), 256) < 0) {
    throw base::Error("SHA-256 is not available.");
  }
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  av_sha_update(state_->sha.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                bytes.size());
}

bool Sha256::add_file(const std::filesystem::path& path, const std::function<bool()>& stop) {
  base::RegularFile file(path);
  std::array<char, 1 << 18> buffer;
  while (const auto count = file.read(buffer.data(), buffer.size())) {
    if (stop && stop()) return false;
    add({buffer.data(), count});
  }
  return true;
}

std::string Sha256::hex() {
  std::array<std::uint8_t, 32> digest;
  av_sha_final(state_->sha.get(), digest.data());
  return base::hexadecimal(digest);
}

std::string sha256_file(const std::filesystem::path& file) {
  Sha256 hash;
  hash.add_file(file);
  return hash.hex();
}

}  // namespace mien::models
