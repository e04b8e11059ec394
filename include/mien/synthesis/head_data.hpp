#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::synthesis {

/// What a triangle of the head belongs to, in the order of the file.
enum class HeadPart : std::uint8_t {
  skin,
  right_eye,
  left_eye,
  upper_teeth,
  lower_teeth,
  tongue,
  right_lower_lashes,
  left_lower_lashes,
  right_upper_lashes,
  left_upper_lashes,
};
inline constexpr int kHeadParts = 10;

/// How far each vertex moves when the target is applied in full.
struct HeadTarget {
  std::string name;  ///< as in the package: "expression/units/asian/mouth-open"
  std::vector<std::uint16_t> vertices;
  std::vector<cv::Point3f> moves;  ///< decimetres, one for each of `vertices`
};

/// A head of triangles, and the targets that give it a shape and an expression. Decimetres; the
/// origin is between the eyes, y points up, the face looks towards positive z, and the person's
/// left is at positive x. The layout of the file stands in assets/head/README.md.
struct HeadData {
  std::vector<cv::Point3f> positions;
  std::vector<std::uint16_t> origins;  ///< the vertices' numbers in the whole body
  std::vector<cv::Point2f> uvs;        ///< 0..1, y up
  std::vector<std::array<std::uint16_t, 3>> triangles;     ///< vertices, by part
  std::vector<std::array<std::uint16_t, 3>> triangle_uvs;  ///< indices into `uvs`
  std::vector<HeadPart> parts;                             ///< one for each triangle
  std::vector<HeadTarget> targets;
  std::vector<std::pair<std::string, std::uint16_t>> landmarks;  ///< name and vertex

  /// The index of a target, or -1.
  int target(std::string_view name) const;
  /// The vertex of a landmark; throws Error for a name that is not there.
  std::uint16_t landmark(std::string_view name) const;
};

/// The SHA-256 of the program's own head file.
inline constexpr const char* kHeadSha256 =
    "9907198b696462193a0bd286653bcde2c01229a6d3afc2c46a3c31fc0dad357a";

/// Throws Error with one sentence when the file is missing or damaged: every count, length and
/// index is checked before it is used. Bytes that make another head are noticed by `sha256`,
/// when the file's is known.
HeadData read_head(const std::filesystem::path& file, const std::string& sha256 = {});

/// The one in the program's own `assets/head/`.
HeadData builtin_head();

}  // namespace mien::synthesis
