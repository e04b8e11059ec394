#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "mien/base/face_mesh.hpp"

namespace mien::analysis {

/// What the faces of a labelled set look like, measured: how many have a mesh, how their heads
/// are held, and how far each label goes with each movement. One thread.
class MeasuredFaces {
 public:
  /// `labels`: how many there are.
  explicit MeasuredFaces(std::size_t labels) : labels_(labels) {}

  /// One face, and the index of its true label. Throws Error when there is no such label.
  void add(std::size_t truth, const base::FaceGeometry& geometry);

  std::uint64_t faces() const { return faces_; }
  std::uint64_t meshes() const { return meshes_; }
  /// Why faces have no mesh, and how many; no doubt that nobody has.
  const std::map<base::MeshDoubt, std::uint64_t>& doubts() const { return doubts_; }

  /// Of an angle without its sign, degrees.
  struct Angle {
    double median = 0;
    double p95 = 0;  ///< nineteen in twenty are turned by less
  };
  struct Head {
    Angle pitch, yaw, roll;
  };
  struct Label {
    std::uint64_t faces = 0;
    std::uint64_t meshes = 0;
    std::optional<Head> head;  ///< nothing without a mesh
    /// The median of each of base::movements(); NaN where none is known.
    std::vector<double> movements;
  };
  /// One for each label, in their order.
  std::vector<Label> labels() const;

 private:
  struct Values {
    std::uint64_t faces = 0;
    std::uint64_t meshes = 0;
    std::vector<double> pitch, yaw, roll;
    std::vector<std::vector<double>> movements;
  };
  std::vector<Values> labels_;
  std::map<base::MeshDoubt, std::uint64_t> doubts_;
  std::uint64_t faces_ = 0;
  std::uint64_t meshes_ = 0;
};

}  // namespace mien::analysis
