#include "mien/base/face_mesh.hpp"

namespace mien::base {

const char* describe(MeshDoubt doubt) {
  switch (doubt) {
    case MeshDoubt::none:
      return "";
    case MeshDoubt::too_small:
      return "face too small for a mesh";
    case MeshDoubt::cut_off:
      return "cut off, no mesh";
    case MeshDoubt::no_face:
      return "no face for the mesh";
    case MeshDoubt::invalid:
      return "invalid mesh";
  }
  return "";
}

std::optional<MeshDoubt> mesh_doubt_from_text(std::string_view phrase) {
  for (const auto doubt : {MeshDoubt::none, MeshDoubt::too_small, MeshDoubt::cut_off,
                           MeshDoubt::no_face, MeshDoubt::invalid}) {
    if (phrase == describe(doubt)) return doubt;
  }
  return std::nullopt;
}

}  // namespace mien::base
