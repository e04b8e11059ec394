#include "mien/synthesis/expressions.hpp"

#include <algorithm>
#include <stdexcept>

#include "mien/base/labels.hpp"

#include "expression_recipes.hpp"

namespace mien {
namespace {

// The intensity from which on people agree about a label. A smile is named sooner than anything
// else; below its threshold the mass goes to neutral in proportion, so that anger at 0.2 reads
// neutral 0.58, anger 0.42.
constexpr std::array<float, kLabels> kNamedFrom = {1,     0.30F, 0.40F, 0.45F,
                                                   0.45F, 0.40F, 0.45F, 0.50F};
constexpr float kUnseenBelow = 0.02F;

std::vector<const Recipe*> recipes_of(int label) {
  if (label < 0 || label >= kLabels) throw std::out_of_range("no such expression label");
  std::vector<const Recipe*> found;
  for (const Recipe& recipe : recipes()) {
    if (recipe.label == label) found.push_back(&recipe);
  }
  return found;
}

std::size_t index_of(FaceAction action, FaceSide side = FaceSide::both) {
  return static_cast<std::size_t>(movement_index(action, side));
}

std::string full_name(const Recipe& recipe) {
  return std::string(canonical_labels()[static_cast<std::size_t>(recipe.label)]) + ", " +
         recipe.name;
}

std::array<float, kLabels> soft_label(const Recipe& recipe, float intensity) {
  std::array<float, kLabels> label{};
  const auto own = static_cast<std::size_t>(recipe.label);
  const float named =
      recipe.label == kNeutral
          ? intensity
          : std::clamp((intensity - kUnseenBelow) / (kNamedFrom[own] - kUnseenBelow), 0.0F,
                       1.0F);
  const float mass = named * recipe.evidence;
  label[kNeutral] = 1 - mass;
  // A weak face is not only harder to tell from neutral but also from its lookalikes.
  const float doubt = recipe.label == kNeutral ? 1 : 1.5F - 0.5F * intensity;
  float given = 0;
  for (const Lookalike& other : recipe.lookalikes) {
    const float share = other.share * doubt;
    label[static_cast<std::size_t>(other.label)] += mass * share;
    given += share;
  }
  label[own] += mass * (1 - given);
  return label;
}

float response(const RecipePart& part, float intensity) {
  return std::clamp((intensity - part.onset) / (1 - part.onset), 0.0F, 1.0F);
}

void add(std::vector<float>& weights, const RecipePart& part, float amount,
         bool stronger_left) {
  if (!is_paired(part.action)) {
    weights[index_of(part.action)] += amount;
    return;
  }
  weights[index_of(part.action, FaceSide::left)] += amount * (stronger_left ? 1 : part.other);
  weights[index_of(part.action, FaceSide::right)] += amount * (stronger_left ? part.other : 1);
}

void raise_both(std::vector<float>& weights, FaceAction action, float amount) {
  add(weights, {action, amount}, amount, true);
}

// The upper lid rides on the eyeball: it comes down with a look down and up with a look up.
void let_lids_follow(Expression& face) {
  for (const FaceSide side : {FaceSide::left, FaceSide::right}) {
    if (face.gaze_y < 0) {
      float& closed = face.weights[index_of(FaceAction::eye_close, side)];
      closed = std::max(closed, std::min(0.55F, closed * 0.5F - 0.5F * face.gaze_y));
    } else {
      face.weights[index_of(FaceAction::upper_lid_raise, side)] += 0.3F * face.gaze_y;
    }
  }
}

void finish(Expression& face) {
  let_lids_follow(face);
  limit_weights(face.weights);
  // A tongue needs a way out.
  face.tongue *= std::min(1.0F, face.weights[index_of(FaceAction::jaw_drop)] * 5);
}

// Intensities as they come: half of them acted with a will, half as everyday life has them.
float draw_intensity(Dice& dice) {
  const auto uniform = [&](float low, float high) {
    return static_cast<float>(dice.uniform(low, high));
  };
  if (dice.chance(0.5)) return uniform(0.55F, 1);
  return 0.15F + 0.65F * (uniform(0, 0.5F) + uniform(0, 0.5F));
}

class Sampler {
 public:
  explicit Sampler(Dice& dice) : dice_(dice) {}

  Expression draw(int label) {
    const auto choices = recipes_of(label);
    float sum = 0;
    for (const Recipe* recipe : choices) sum += recipe->share;
    float left = uniform(0, sum);
    std::size_t at = 0;
    while (at + 1 < choices.size() && left >= choices[at]->share) left -= choices[at++]->share;
    const float intensity = label == kNeutral ? uniform(0.2F, 1) : draw_intensity(dice_);
    return vary(*choices[at], intensity);
  }

  // Everything that a face does beside its expression.
  void live(Expression& face, bool is_neutral) {
    const int extras = dice_.below(4);
    for (int i = 0; i < extras; ++i) {
      const auto at = static_cast<std::size_t>(dice_.below(kMovements));
      const FaceAction action = movements()[at].action;
      if (action == FaceAction::cheek_puff || action == FaceAction::platysma) continue;
      const float most = is_neutral ? 0.1F : 0.2F;
      const float amount = uniform(0, most);
      face.weights[at] += amount;
      if (is_paired(action)) face.weights[at ^ 1U] += amount * uniform(0.5F, 1);
    }
    if (!is_neutral && dice_.chance(0.1)) speak(face);
    // A blink may catch any face.
    if (dice_.chance(0.03)) raise_both(face.weights, FaceAction::eye_close, uniform(0.4F, 1));
    if (dice_.chance(0.3)) {
      face.gaze_x += 0.45F * bell();
      face.gaze_y += 0.25F * bell();
    } else {
      face.gaze_x += 0.07F * bell();
      face.gaze_y += 0.05F * bell();
    }
    face.gaze_x = std::clamp(face.gaze_x, -1.0F, 1.0F);
    face.gaze_y = std::clamp(face.gaze_y, -1.0F, 1.0F);
  }

  float uniform(float low, float high) { return static_cast<float>(dice_.uniform(low, high)); }

  // Bell-shaped, deviation 1: a sum of uniforms, since std::log and std::cos differ between
  // platforms in the last bit.
  float bell() {
    float sum = 0;
    for (int i = 0; i < 4; ++i) sum += uniform(-1, 1);
    return sum * 0.866F;
  }

 private:
  Expression vary(const Recipe& recipe, float intensity) {
    Expression face;
    face.variant = full_name(recipe);
    face.intensity = intensity;
    face.label = soft_label(recipe, intensity);
    face.weights.assign(kMovements, 0);
    const bool stronger_left = dice_.chance(0.5);
    // Faces lean to one side, a little, and all over.
    const float lean = 0.07F * bell();
    for (const RecipePart& part : recipe.parts) {
      float amount =
          part.weight * response(part, intensity) * std::max(0.3F, 1 + 0.15F * bell());
      if (recipe.parts.size() > 2 && dice_.chance(0.08)) amount *= uniform(0, 0.5F);
      add(face.weights, part, amount, stronger_left);
      if (is_paired(part.action)) {
        const float uneven = lean + 0.05F * bell();
        face.weights[index_of(part.action, FaceSide::left)] *= 1 + uneven;
        face.weights[index_of(part.action, FaceSide::right)] *= 1 - uneven;
      }
    }
    if (stronger_left && recipe.label == kNeutral) {
      std::swap(face.weights[index_of(FaceAction::jaw_left)],
                face.weights[index_of(FaceAction::jaw_right)]);
    }
    face.gaze_y = recipe.gaze_y * uniform(0.5F, 1.1F);
    if (std::string_view(recipe.name) == "looking aside") {
      face.gaze_x = uniform(0.4F, 1) * (stronger_left ? 1.0F : -1.0F);
    }
    face.tongue = recipe.tongue * uniform(0.4F, 1) * intensity;
    const float strength = recipe.label == kNeutral ? 1 : intensity;
    // One draw a statement: the order of draws within an expression is the compiler's choice.
    face.pitch = recipe.pitch * strength * uniform(0, 1.5F);
    face.pitch += 2 * bell();
    face.roll = recipe.roll * strength * uniform(0, 1.5F);
    if (dice_.chance(0.5)) face.roll = -face.roll;
    face.roll += 2 * bell();
    face.yaw = 2 * bell();
    return face;
  }

  void speak(Expression& face) {
    const float much = uniform(0.4F, 1);
    switch (dice_.below(4)) {
      case 0:
        raise_both(face.weights, FaceAction::jaw_drop, 0.25F * much);
        raise_both(face.weights, FaceAction::lips_part, 0.35F * much);
        break;
      case 1:
        raise_both(face.weights, FaceAction::pucker, 0.4F * much);
        break;
      case 2:
        raise_both(face.weights, FaceAction::lip_stretch, 0.3F * much);
        raise_both(face.weights, FaceAction::lips_part, 0.5F * much);
        break;
      default:
        raise_both(face.weights, FaceAction::lip_press, 0.3F * much);
        break;
    }
  }

  Dice& dice_;
};

}  // namespace

std::vector<std::string> expression_variants(int label) {
  std::vector<std::string> names;
  for (const Recipe* recipe : recipes_of(label)) names.push_back(full_name(*recipe));
  return names;
}

Expression exact_expression(int label, int variant, float intensity) {
  const Recipe& recipe = *recipes_of(label).at(static_cast<std::size_t>(variant));
  Expression face;
  face.variant = full_name(recipe);
  face.intensity = intensity;
  face.label = soft_label(recipe, intensity);
  face.weights.assign(kMovements, 0);
  for (const RecipePart& part : recipe.parts) {
    add(face.weights, part, part.weight * response(part, intensity), true);
  }
  const float strength = recipe.label == kNeutral ? 1 : intensity;
  face.gaze_y = recipe.gaze_y;
  if (std::string_view(recipe.name) == "looking aside") face.gaze_x = 0.8F;
  face.tongue = recipe.tongue * intensity;
  face.pitch = recipe.pitch * strength;
  face.roll = recipe.roll * strength;
  finish(face);
  return face;
}

Expression sample_expression(int label, Dice& dice) {
  Sampler sampler(dice);
  Expression face = sampler.draw(label);
  sampler.live(face, label == kNeutral);
  finish(face);
  return face;
}

Expression sample_blend(int first, int second, Dice& dice) {
  Sampler sampler(dice);
  Expression face = sampler.draw(first);
  const Expression other = sampler.draw(second);
  // Each label keeps enough of its movements to be seen.
  const float share = sampler.uniform(0.35F, 0.65F);
  const float keep_first = std::min(1.0F, 0.4F + share);
  const float keep_second = std::min(1.0F, 1.4F - share);
  for (std::size_t i = 0; i < face.weights.size(); ++i) {
    face.weights[i] = std::max(keep_first * face.weights[i], keep_second * other.weights[i]);
  }
  for (std::size_t i = 0; i < face.label.size(); ++i) {
    face.label[i] = share * face.label[i] + (1 - share) * other.label[i];
  }
  face.gaze_y = share * face.gaze_y + (1 - share) * other.gaze_y;
  face.tongue = std::max(share * face.tongue, (1 - share) * other.tongue);
  face.pitch = share * face.pitch + (1 - share) * other.pitch;
  face.roll = share * face.roll + (1 - share) * other.roll;
  face.intensity = share * face.intensity + (1 - share) * other.intensity;
  face.variant += " + " + other.variant;
  sampler.live(face, false);
  finish(face);
  return face;
}

Expression sample_any(std::span<const float> shares, float blends, Dice& dice) {
  // What goes together in life (Du, Tao & Martinez 2014, table 1).
  static const std::array<std::vector<int>, kLabels> kGoesWith = {{
      {},
      {kSurprise, kDisgust, kContempt},
      {kHappiness, kFear, kAnger, kDisgust, kSadness},
      {kAnger, kFear, kDisgust, kSurprise},
      {kDisgust, kSadness, kSurprise, kFear, kContempt},
      {kAnger, kSadness, kSurprise, kFear, kContempt},
      {kSurprise, kSadness, kDisgust, kAnger},
      {kAnger, kDisgust, kHappiness},
  }};
  if (shares.size() != kLabels) throw std::out_of_range("eight label shares are needed");
  float sum = 0;
  for (const float share : shares) sum += share;
  auto left = static_cast<float>(dice.uniform(0, sum));
  int label = 0;
  while (label + 1 < kLabels && left >= shares[static_cast<std::size_t>(label)]) {
    left -= shares[static_cast<std::size_t>(label++)];
  }
  const auto& partners = kGoesWith[static_cast<std::size_t>(label)];
  if (!partners.empty() && dice.chance(blends)) {
    return sample_blend(
        label,
        partners[static_cast<std::size_t>(dice.below(static_cast<int>(partners.size())))],
        dice);
  }
  return sample_expression(label, dice);
}

}  // namespace mien
