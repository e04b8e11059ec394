#include "mien/synthesis/head_data.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <type_traits>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/models/sha256.hpp"

namespace mien::synthesis {
namespace {

// Far above what the file has, and low enough that nothing large is reserved for a damaged one.
constexpr std::uint32_t kMaxVertices = 65535;
constexpr std::uint32_t kMaxTriangles = 200000;
constexpr std::uint32_t kMaxTargets = 5000;
constexpr std::uint32_t kMaxLandmarks = 200;
constexpr std::uintmax_t kMaxBytes = 64u << 20;

static_assert(std::endian::native == std::endian::little, "the head file is read as it lies");

/// Reads numbers from the file's bytes, bounds-checked.
class Bytes {
 public:
  Bytes(std::vector<char> bytes, std::string name)
      : bytes_(std::move(bytes)), name_(std::move(name)) {}

  [[noreturn]] void damaged(const std::string& why) const {
    throw base::Error("The head file " + name_ + " is damaged (" + why +
                      "); install the program again.");
  }
  template <typename T>
  std::vector<T> array(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (count > (bytes_.size() - place_) / sizeof(T)) damaged("it ends too early");
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), bytes_.data() + place_, count * sizeof(T));
    place_ += count * sizeof(T);
    return values;
  }
  template <typename T>
  T number() {
    return array<T>(1)[0];
  }
  std::uint32_t count(std::uint32_t least, std::uint32_t most, const char* of) {
    const auto value = number<std::uint32_t>();
    if (value < least || value > most) damaged(std::string("the number of its ") + of);
    return value;
  }
  float unit() {
    const auto value = number<float>();
    if (!(value >= 0 && value <= 1)) damaged("a unit of length");
    return value;
  }
  std::string name() {
    const auto letters = array<char>(number<std::uint8_t>());
    const auto plain = [](char c) { return c > ' ' && c < 127; };
    if (letters.empty() || !std::all_of(letters.begin(), letters.end(), plain))
      damaged("a name");
    return {letters.begin(), letters.end()};
  }
  bool finished() const { return place_ == bytes_.size(); }

 private:
  std::vector<char> bytes_;
  std::string name_;
  std::size_t place_ = 0;
};

std::vector<char> read_bytes(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream stream(file, std::ios::binary);
  if (error || !stream) {
    throw base::Error("The head file " + file.string() +
                      " cannot be read; install the program again.");
  }
  if (size > kMaxBytes) {
    throw base::Error("The head file " + file.string() +
                      " is damaged (it is too long); install the program again.");
  }
  std::vector<char> bytes(static_cast<std::size_t>(size));
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

template <typename T>
std::vector<cv::Point3f> scaled(const std::vector<T>& values, float unit) {
  std::vector<cv::Point3f> points(values.size() / 3);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = {static_cast<float>(values[3 * i]) * unit,
                 static_cast<float>(values[3 * i + 1]) * unit,
                 static_cast<float>(values[3 * i + 2]) * unit};
  }
  return points;
}

std::vector<std::array<std::uint16_t, 3>> indices(Bytes& bytes, std::size_t count,
                                                  std::size_t below) {
  auto all = bytes.array<std::array<std::uint16_t, 3>>(count);
  for (const auto& triangle : all) {
    for (const auto index : triangle) {
      if (index >= below) bytes.damaged("a corner of a triangle");
    }
  }
  return all;
}

HeadTarget read_target(Bytes& bytes, std::size_t vertices) {
  HeadTarget target;
  target.name = bytes.name();
  const auto width = bytes.number<std::uint8_t>();
  const float unit = bytes.unit();
  const std::size_t count = bytes.number<std::uint16_t>();
  target.vertices = bytes.array<std::uint16_t>(count);
  for (const auto vertex : target.vertices) {
    if (vertex >= vertices) bytes.damaged("a vertex of " + target.name);
  }
  if (width == 1) {
    target.moves = scaled(bytes.array<std::int8_t>(3 * count), unit);
  } else if (width == 2) {
    target.moves = scaled(bytes.array<std::int16_t>(3 * count), unit);
  } else {
    bytes.damaged("the width of " + target.name);
  }
  return target;
}

}  // namespace

int HeadData::target(std::string_view name) const {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

std::uint16_t HeadData::landmark(std::string_view name) const {
  for (const auto& [own, vertex] : landmarks) {
    if (own == name) return vertex;
  }
  throw base::Error("The head file has no landmark " + std::string(name) +
                    "; install the program again.");
}

HeadData read_head(const std::filesystem::path& file, const std::string& sha256) {
  auto content = read_bytes(file);
  models::Sha256 sum;
  if (!sha256.empty()) sum.add({content.data(), content.size()});
  Bytes bytes(std::move(content), file.string());
  if (!sha256.empty() && sum.hex() != sha256) bytes.damaged("its SHA-256 is not " + sha256);
  const auto magic = bytes.array<char>(8);
  if (std::string_view(magic.data(), magic.size()) != "MIENHEAD") {
    bytes.damaged("it does not begin as one");
  }
  if (bytes.number<std::uint32_t>() != 1) bytes.damaged("its version is not 1");
  const auto vertices = bytes.count(1, kMaxVertices, "vertices");
  const auto uvs = bytes.count(1, kMaxVertices, "texture points");
  const auto triangles = bytes.count(1, kMaxTriangles, "triangles");
  const auto targets = bytes.count(0, kMaxTargets, "targets");
  const auto landmarks = bytes.count(0, kMaxLandmarks, "landmarks");
  HeadData head;
  const float unit = bytes.unit();
  head.positions = scaled(bytes.array<std::int16_t>(3 * std::size_t{vertices}), unit);
  head.origins = bytes.array<std::uint16_t>(vertices);
  for (const auto& uv : bytes.array<std::array<std::uint16_t, 2>>(uvs)) {
    head.uvs.emplace_back(static_cast<float>(uv[0]) / 65535, static_cast<float>(uv[1]) / 65535);
  }
  head.triangles = indices(bytes, triangles, vertices);
  head.triangle_uvs = indices(bytes, triangles, uvs);
  for (const auto part : bytes.array<std::uint8_t>(triangles)) {
    if (part >= kHeadParts) bytes.damaged("a triangle's part");
    if (!head.parts.empty() && static_cast<HeadPart>(part) < head.parts.back()) {
      bytes.damaged("the order of its parts");
    }
    head.parts.push_back(static_cast<HeadPart>(part));
  }
  for (std::uint32_t i = 0; i < landmarks; ++i) {
    std::string name = bytes.name();
    const auto vertex = bytes.number<std::uint16_t>();
    if (vertex >= vertices) bytes.damaged("the landmark " + name);
    head.landmarks.emplace_back(std::move(name), vertex);
  }
  for (std::uint32_t i = 0; i < targets; ++i) {
    head.targets.push_back(read_target(bytes, vertices));
  }
  if (!bytes.finished()) bytes.damaged("there is more than it says");
  return head;
}

HeadData builtin_head() {
  return read_head(base::data_dir() / "assets" / "head" / "head.bin", kHeadSha256);
}

}  // namespace mien::synthesis
