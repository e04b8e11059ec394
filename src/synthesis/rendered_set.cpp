#include "mien/synthesis/rendered_set.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <locale>
#include <sstream>

#include "mien/base/csv.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/numbers.hpp"
#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rng.hpp"

namespace mien::synthesis {
namespace {

constexpr std::array<const char*, 6> kHairWords = {"bald", "cropped", "short",
                                                   "full", "long",    "receding"};
constexpr std::array<const char*, 3> kHatWords = {"none", "cap", "beanie"};
constexpr std::array<const char*, 4> kGlassesWords = {"none", "thin", "thick", "sunglasses"};
constexpr std::array<const char*, 5> kBeardWords = {"none", "stubble", "moustache", "goatee",
                                                    "full"};
constexpr std::array<const char*, 5> kBackdropWords = {"plain", "gradient", "blobs", "clutter",
                                                       "noise"};
constexpr std::array<const char*, kHairKinds> kMeshColumns = {
    "hair_mesh", "beard_mesh", "moustache_mesh", "brow_mesh", "lash_mesh"};
constexpr std::size_t kMaxLamps = 4;
constexpr int kMovingSamples = 10;  // of a person, with movements

/// One line of comma-separated values, with points in every locale.
class Row {
 public:
  Row() { text_.imbue(std::locale::classic()); }
  void add(const std::string& word) {
    text_ << (first_ ? "" : ",");
    first_ = false;
    text_ << base::csv_field(word);
  }
  void add(const char* word) { add(std::string(word)); }
  void add(double value) {
    text_ << (first_ ? "" : ",");
    first_ = false;
    const double shown = base::rounded(value, 4);
    text_ << (shown == 0 ? 0 : shown);  // no "-0"
  }
  void add(float value) { add(static_cast<double>(value)); }
  void add(int value) { add(static_cast<double>(value)); }
  void add(const Colour& colour) {
    for (int c = 0; c < 3; ++c) add(colour[c]);
  }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  bool first_ = true;
};

void add_colour(Row& row, const std::string& name) {
  for (const char* channel : {"_r", "_g", "_b"}) row.add(name + channel);
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  Rng rng(a);
  return rng.next() ^ b;
}

void turn_evenly(FaceCamera& camera, Rng& rng) {
  const auto even = [&](float most) { return static_cast<float>(rng.uniform(-1, 1)) * most; };
  camera.yaw = even(kTurnedYaw);
  camera.pitch = even(kTurnedPitch);
  camera.roll = even(kTurnedRoll);
}

}  // namespace

int samples_per_person(const RenderedSetPlan& plan) {
  if (plan.movements) return kMovingSamples;
  const auto count = static_cast<int>(plan.labels.size());
  return plan.labels.size() == base::canonical_labels().size() ? count + 2 : count;
}

RenderedSample rendered_sample(const HeadData& head, const RenderedSetPlan& plan,
                               std::uint64_t index) {
  const auto each = static_cast<std::uint64_t>(samples_per_person(plan));
  const auto slot = static_cast<std::size_t>(index % each);
  RenderedSample sample;
  sample.person = index / each;
  Rng rng(mixed(plan.seed, index));
  rng.next();
  Expression expression;
  if (plan.movements) {
    expression = slot == 0 ? sample_still(rng) : sample_movements(rng);
  } else if (slot < plan.labels.size()) {
    expression = sample_expression(plan.labels[slot], rng);
  } else if (slot == plan.labels.size()) {
    expression = sample_expression(0, rng);
  } else {
    const std::array<float, 8> even{1, 1, 1, 1, 1, 1, 1, 1};
    expression = sample_any(even, 1, rng);
  }
  const auto likeliest = std::max_element(expression.label.begin(), expression.label.end());
  sample.label = plan.movements ? -1 : static_cast<int>(likeliest - expression.label.begin());
  Rng person(mixed(plan.seed ^ 0x9E25011ULL, sample.person));
  sample.parameters = random_scene(random_look(head, person.next()), std::move(expression),
                                   plan.size, rng.next());
  if (plan.turned) turn_evenly(sample.parameters.camera, rng);
  return sample;
}

std::string rendered_csv_header(const HeadData& head, bool meshes) {
  Row row;
  for (const char* name : {"file", "label", "person", "variant", "intensity"}) row.add(name);
  for (const auto label : base::canonical_labels()) row.add("p_" + std::string(label));
  for (const auto& movement : movements()) row.add("m_" + movement.name);
  for (const char* name :
       {"gaze_x", "gaze_y", "tongue", "african", "asian", "caucasian", "sex", "age"}) {
    row.add(name);
  }
  for (const char* name : {"skin", "lips", "hair", "iris"}) add_colour(row, name);
  for (const char* name : {"lipstick",   "eye_shadow", "eye_liner",      "wrinkles",
                           "freckles",   "brow_style", "brow_thickness", "brow_density",
                           "skin_photo", "hair_style", "hair_volume",    "hat",
                           "glasses",    "beard",      "beard_density",  "yaw",
                           "pitch",      "roll",       "distance",       "face_height"}) {
    row.add(name);
  }
  for (const char* name : {"sky", "ground", "front"}) add_colour(row, name);
  row.add("lamps");
  for (std::size_t i = 0; i < kMaxLamps; ++i) {
    const std::string lamp = "lamp" + std::to_string(i + 1);
    for (const char* name : {"_x", "_y", "_z", "_r", "_g", "_b", "_softness"}) {
      row.add(lamp + name);
    }
  }
  for (const char* name :
       {"backdrop", "exposure", "contrast", "saturation", "warmth", "defocus", "motion",
        "vignette", "noise", "shrink", "jpeg", "gray"}) {
    row.add(name);
  }
  for (const char* name : {"box_x", "box_y", "box_width", "box_height"}) row.add(name);
  std::vector<std::string> marks;
  for (const auto& mark : head.landmarks) marks.push_back(mark.first);
  for (const char* name : {"right-eye", "right-pupil", "left-eye", "left-pupil"}) {
    marks.emplace_back(name);
  }
  for (auto mark : marks) {
    std::replace(mark.begin(), mark.end(), '-', '_');
    row.add(mark + "_x");
    row.add(mark + "_y");
  }
  for (const char* name : kMeshColumns) {
    if (meshes) row.add(name);
  }
  return row.text();
}

std::string rendered_csv_row(const RenderedSample& sample, const RenderedFace& face,
                             const std::string& file) {
  const auto& [expression, look, camera, lights, backdrop, effects, size, seed] =
      sample.parameters;
  Row row;
  row.add(file);
  row.add(sample.label < 0
              ? std::string()
              : std::string(base::canonical_labels()[static_cast<std::size_t>(sample.label)]));
  row.add(std::to_string(sample.person));
  row.add(expression.variant);
  row.add(expression.intensity);
  for (const float share : expression.label) row.add(share);
  for (std::size_t i = 0; i < movements().size(); ++i) {
    row.add(i < expression.weights.size() ? expression.weights[i] : 0.F);
  }
  row.add(expression.gaze_x);
  row.add(expression.gaze_y);
  row.add(expression.tongue);
  for (const float share : look.group) row.add(share);
  row.add(look.sex);
  row.add(look.age);
  for (const auto& colour : {look.skin, look.lips, look.hair, look.iris}) row.add(colour);
  for (const float value :
       {look.lipstick, look.eye_shadow, look.eye_liner, look.wrinkles, look.freckles}) {
    row.add(value);
  }
  row.add(look.brow_style);
  row.add(look.brow_thickness);
  row.add(look.brow_density);
  row.add(face.skin.empty() ? "none" : face.skin);
  row.add(kHairWords[static_cast<std::size_t>(look.hair_style)]);
  row.add(look.hair_volume);
  row.add(kHatWords[static_cast<std::size_t>(look.hat)]);
  row.add(kGlassesWords[static_cast<std::size_t>(look.glasses)]);
  row.add(kBeardWords[static_cast<std::size_t>(look.beard)]);
  row.add(look.beard == Beard::none ? 0.F : look.beard_density);
  for (const float value :
       {camera.yaw, camera.pitch, camera.roll, camera.distance, camera.face_height}) {
    row.add(value);
  }
  for (const auto& colour : {lights.sky, lights.ground, lights.front}) row.add(colour);
  row.add(static_cast<int>(lights.lamps.size()));
  for (std::size_t i = 0; i < kMaxLamps; ++i) {
    const bool there = i < lights.lamps.size();
    const Lamp lamp = there ? lights.lamps[i] : Lamp{{0, 0, 0}, {0, 0, 0}, 0};
    for (const float value : {lamp.direction.x, lamp.direction.y, lamp.direction.z}) {
      row.add(value);
    }
    row.add(lamp.colour);
    row.add(lamp.softness);
  }
  row.add(kBackdropWords[static_cast<std::size_t>(backdrop.kind)]);
  for (const float value :
       {effects.exposure, effects.contrast, effects.saturation, effects.warmth, effects.defocus,
        effects.motion, effects.vignette, effects.noise, effects.shrink}) {
    row.add(value);
  }
  row.add(effects.jpeg);
  row.add(effects.gray ? 1 : 0);
  for (const float value : {face.box.x, face.box.y, face.box.width, face.box.height}) {
    row.add(value);
  }
  for (const auto& mark : face.landmarks) {
    row.add(mark.second.x);
    row.add(mark.second.y);
  }
  if (face.meshes) {
    for (const auto& name : *face.meshes) row.add(name.empty() ? "none" : name);
  }
  return row.text();
}

}  // namespace mien::synthesis
