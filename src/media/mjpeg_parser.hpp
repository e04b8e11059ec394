#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mien::media {

/// Finds the JPEG pictures in a stream of bytes by their own markers, as browsers do: what
/// stands between them (boundaries, Content-Length, other headers) is often wrong and not
/// needed. One thread.
class MjpegParser {
 public:
  /// Adds bytes in the order in which they arrive.
  void push(std::span<const std::uint8_t> bytes);

  /// The next whole picture from SOI to EOI; nothing when more bytes are needed. One that is
  /// cut off by the next one is left out. Who never ends a picture properly in the first thirty
  /// is taken for a camera that does not write EOI, and gets it added.
  std::optional<std::vector<std::uint8_t>> next();

  /// Pictures that began and were left out.
  std::uint64_t broken() const { return broken_; }
  /// A picture has begun and not ended.
  bool within_picture() const { return began_; }

 private:
  enum class Step { need_more, whole, cut_off, broken };
  Step walk();
  std::vector<std::uint8_t> take(std::size_t length);
  std::vector<std::uint8_t> completed(std::size_t length) const;

  std::vector<std::uint8_t> bytes_;
  bool began_ = false;    ///< bytes_ starts with SOI
  bool in_scan_ = false;  ///< at_ is in entropy-coded data
  std::size_t at_ = 0;    ///< looked at so far
  std::uint64_t whole_ = 0;
  std::uint64_t broken_ = 0;
};

}  // namespace mien::media
