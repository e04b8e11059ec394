#pragma once

#include <memory>
#include <string>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/faces/face_patch.hpp"
#include "mien/movements/mesh_network.hpp"

namespace mien::movements {

/// When a face gets no mesh. How the limits were found stands in docs/movements.md.
struct MeshLimits {
  float least_box = 24;         ///< pixels, the longer side of the face's box
  float least_presence = 0.5F;  ///< below it, nothing is a face
  float most_outside = 0.35F;   ///< share of the points that may lie outside the picture
  float farthest = 3;           ///< of a point from the box' middle, sides of the box
};

/// A face's points, or why there are none.
struct MeshReading {
  base::MeshDoubt doubt = base::MeshDoubt::none;
  base::FaceMesh mesh;  ///< without points when there is a doubt; its presence is known
                        ///< wherever the network looked
};

/// Finds the points of faces. Belongs to one thread.
///
/// A face is cut out as MediaPipe's pipeline does: the square of 1.5 times the detector's box,
/// turned so that the eyes are level; or, where the mesh of the picture before is known, 1.5
/// times the box around its points, turned by the outer corners of its eyes. Detectors put the
/// eyes of some upside-down faces where the mouth is, and the network then lays an upright mesh
/// over them; so a face that is new and not clear is looked at upside down, too.
class MeshReader {
 public:
  /// `network` must not be null.
  explicit MeshReader(std::unique_ptr<MeshNetwork> network, const MeshLimits& limits = {});

  const std::string& id() const { return network_->id(); }

  /// One run of the network; for a new face up to eleven: four more where it lies askew in its
  /// crop, as many again upside down where it is not clear, and one around the mesh that was
  /// found. None when the face is too small. `bgr`: 8-bit BGR, not empty. `previous`: the same
  /// face's mesh in the picture before, or null; one that is not where the box is now is not
  /// used. Throws Error when the network fails.
  MeshReading read(const cv::Mat& bgr, const base::Face& face,
                   const base::FaceMesh* previous = nullptr);

 private:
  struct Look {
    MeshReading reading;
    float logit = 0;  ///< of its presence
  };
  /// look(), and again along the eyes of the mesh that it finds while these lie askew.
  Look look_level(const cv::Mat& bgr, const base::Face& face, const faces::FacePatch& patch);
  Look look(const cv::Mat& bgr, const base::Face& face, const faces::FacePatch& patch);

  std::unique_ptr<MeshNetwork> network_;
  MeshLimits limits_;
  cv::Mat crop_;
};

}  // namespace mien::movements
