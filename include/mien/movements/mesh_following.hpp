#pragma once

#include <optional>

#include "mien/base/face.hpp"
#include "mien/base/face_mesh.hpp"

namespace mien::movements {

/// A face's box and points in a later picture, moved, turned and grown as its mesh was: `face`
/// lay over `from`, and the result lies over `to`. The box stays as level as it was. So a face
/// keeps the framing that its detector gave it. Nothing when one of the meshes has no points or
/// no size. Any thread.
std::optional<base::Face> moved_with_mesh(const base::Face& face, const base::FaceMesh& from,
                                          const base::FaceMesh& to);

}  // namespace mien::movements
