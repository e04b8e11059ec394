#pragma once

#include <array>

/// Which point of MediaPipe's mesh is where. Right and left are the person's; the numbers are
/// those of its published canonical face.
namespace mien::movements::mesh_point {

inline constexpr int kRightEyeOuter = 33, kRightEyeInner = 133;
inline constexpr int kLeftEyeOuter = 263, kLeftEyeInner = 362;
inline constexpr int kRightMouthCorner = 61, kLeftMouthCorner = 291;

}  // namespace mien::movements::mesh_point
