#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mien/synthesis/rendered_face.hpp"

namespace mien::synthesis {

/// What a set of rendered faces is made of. A sample depends on the plan and its index alone:
/// more samples are more of the same.
struct RenderedSetPlan {
  std::vector<int> labels;  ///< indices into canonical_labels(), each once
  std::uint64_t seed = 1;
  int size = 128;
  /// Movements by chance instead of expressions: the faces have no label. `labels` is then
  /// empty.
  bool movements = false;
  /// Heads turned evenly to all sides, by up to kTurnedYaw, kTurnedPitch and kTurnedRoll
  /// degrees, instead of mostly looking ahead.
  bool turned = false;
};
inline constexpr float kTurnedYaw = 55, kTurnedPitch = 35, kTurnedRoll = 45;

/// Everybody has so many samples, one after the other: each label once, then neutral once more
/// and a blend of two labels, when the plan has them all. With movements ten, the first at
/// rest.
int samples_per_person(const RenderedSetPlan& plan);

struct RenderedSample {
  RenderParameters parameters;
  std::uint64_t person = 0;  ///< counts from 0
  int label = 0;             ///< the likeliest of the expression's labels; -1: it has none
};
RenderedSample rendered_sample(const HeadData& head, const RenderedSetPlan& plan,
                               std::uint64_t index);

/// The table's first line and the line of a sample, without line ends. The columns are
/// explained in docs/rendered-faces.md; those of `meshes` stand at the end, for a renderer that
/// has any.
std::string rendered_csv_header(const HeadData& head, bool meshes = false);
std::string rendered_csv_row(const RenderedSample& sample, const RenderedFace& face,
                             const std::string& file);

}  // namespace mien::synthesis
