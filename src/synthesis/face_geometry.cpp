#include "face_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mien/synthesis/movements.hpp"

namespace mien::synthesis {
namespace {

constexpr std::array<const char*, 4> kAges = {"baby", "child", "young", "old"};
constexpr std::array<float, 4> kAgeYears = {1, 9, 25, 78};
constexpr std::string_view kUnits = "expression/units/";

/// The shares of the four ages that the package has heads of.
std::array<float, 4> age_shares(float years) {
  std::array<float, 4> shares{};
  if (years <= kAgeYears.front()) {
    shares[0] = 1;
  } else if (years >= kAgeYears.back()) {
    shares[3] = 1;
  } else {
    std::size_t i = 0;
    while (years > kAgeYears[i + 1]) ++i;
    const float share = (years - kAgeYears[i]) / (kAgeYears[i + 1] - kAgeYears[i]);
    shares[i] = 1 - share;
    shares[i + 1] = share;
  }
  return shares;
}

/// Where the hair begins, as a height over the eyes by the angle around the head's axis (0 is
/// the forehead's middle, pi the nape).
float hairline(float angle) {
  static const std::array<cv::Point2f, 9> line = {{{0.F, 0.70F},
                                                   {0.35F, 0.70F},
                                                   {0.62F, 0.60F},
                                                   {0.85F, 0.30F},
                                                   {1.02F, 0.02F},
                                                   {1.20F, -0.12F},
                                                   {1.42F, 0.12F},
                                                   {1.9F, -0.25F},
                                                   {3.2F, -0.95F}}};
  std::size_t i = 0;
  while (i + 2 < line.size() && angle > line[i + 1].x) ++i;
  const float share = clamp01((angle - line[i].x) / (line[i + 1].x - line[i].x));
  return mix(line[i].y, line[i + 1].y, share);
}

/// 1 where a full beard grows: cheeks below a line from the ear to the mouth's corner, upper
/// lip, chin, and a little of the neck.
float beard_region(const Vec3& p) {
  const float x = std::abs(p.x);
  const float front = smooth_step(-1.15F, -0.75F, p.z);
  const float cheek_line = x < 0.26F ? mix(-0.48F, -0.50F, x / 0.26F)
                                     : mix(-0.62F, -0.05F, clamp01((x - 0.26F) / 0.44F));
  const float below = 1 - smooth_step(cheek_line - 0.10F, cheek_line + 0.03F, p.y);
  const float above = smooth_step(-1.45F, -1.2F, p.y);
  return front * below * above;
}

}  // namespace

HeadShaper::HeadShaper(const HeadData& head) : head_(head) {
  for (std::size_t g = 0; g < 3; ++g) {
    for (std::size_t s = 0; s < 2; ++s) {
      for (std::size_t a = 0; a < 4; ++a) {
        macros_[g * 8 + s * 4 + a] = head.target(std::string("macrodetails/") + kGroups[g] +
                                                 '-' + kSexes[s] + '-' + kAges[a]);
      }
    }
  }
  for (const auto& movement : movements()) {
    std::vector<Part> parts;
    for (const auto& each : movement.parts) {
      Part part{{-1, -1, -1}, each.side, each.weight};
      if (each.target.starts_with(kUnits)) {
        for (std::size_t g = 0; g < 3; ++g) {
          part.targets[g] = head.target(std::string(kUnits) + kGroups[g] + '/' +
                                        each.target.substr(kUnits.size()));
        }
      } else {
        part.targets.fill(head.target(each.target));
      }
      parts.push_back(part);
    }
    movements_.push_back(std::move(parts));
  }
  find_traits();
}

void HeadShaper::find_traits() {
  const auto& positions = head_.positions;
  traits_.resize(positions.size());
  tongue_.assign(positions.size(), 0.F);
  const auto normals = triangle_normals(head_.triangles, positions);
  // The foremost skin by place: what lies well behind it is inside the mouth or the nostrils.
  constexpr int kCells = 160;
  constexpr float kReach = 1.6F;
  std::vector<float> foremost(std::size_t{kCells} * kCells, -10.F);
  const auto cell = [](float v) {
    const int at = static_cast<int>((v + kReach) / (2 * kReach) * kCells);
    return static_cast<std::size_t>(std::clamp(at, 0, kCells - 1));
  };
  for (std::size_t t = 0; t < head_.triangles.size(); ++t) {
    if (head_.parts[t] != HeadPart::skin) continue;
    const auto& [a, b, c] = head_.triangles[t];
    const Vec3 normal = cross(positions[b] - positions[a], positions[c] - positions[a]);
    if (normal.z <= 0) continue;
    for (int i = 0; i <= 6; ++i) {
      for (int j = 0; i + j <= 6; ++j) {
        const float u = static_cast<float>(i) / 6, v = static_cast<float>(j) / 6;
        const Vec3 p = positions[a] * (1 - u - v) + positions[b] * u + positions[c] * v;
        auto& z = foremost[cell(p.y) * kCells + cell(p.x)];
        z = std::max(z, p.z);
      }
    }
  }
  std::vector<char> skin(positions.size(), 0);
  float tongue_back = 10, tongue_front = -10;
  for (std::size_t t = 0; t < head_.triangles.size(); ++t) {
    for (const auto v : head_.triangles[t]) {
      if (head_.parts[t] == HeadPart::skin) skin[v] = 1;
      if (head_.parts[t] == HeadPart::tongue) {
        tongue_back = std::min(tongue_back, positions[v].z);
        tongue_front = std::max(tongue_front, positions[v].z);
      }
    }
  }
  for (std::size_t t = 0; t < head_.triangles.size(); ++t) {
    if (head_.parts[t] != HeadPart::tongue) continue;
    for (const auto v : head_.triangles[t]) {
      tongue_[v] = smooth_step(tongue_back, tongue_front, positions[v].z);
    }
  }
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (!skin[i]) continue;
    const Vec3& p = positions[i];
    auto& traits = traits_[i];
    const float depth = foremost[cell(p.y) * kCells + cell(p.x)] - p.z;
    traits.facing =
        (1 - smooth_step(0.05F, 0.10F, depth)) * smooth_step(0.0F, 0.3F, normals[i].z);
    // An ellipsoid around mouth and nostrils keeps the throat's outside out.
    const float across = p.x / 0.34F, along = (p.y + 0.66F) / 0.31F;
    const bool mouth = across * across + along * along < 1 && p.z > -0.75F;
    traits.cavity = mouth ? smooth_step(0.05F, 0.12F, depth) : 0.F;
    traits.angle = std::atan2(p.x, p.z + 1.0F);
    traits.scalp = p.y - hairline(std::abs(traits.angle));
    if (std::abs(p.x) > 0.78F) traits.scalp = -1;  // ears
    traits.beard = beard_region(p) * (1 - traits.cavity);
  }
}

void HeadShaper::add(std::vector<Vec3>& positions, int target, float weight,
                     FaceSide side) const {
  if (target < 0 || weight == 0) return;
  const auto& each = head_.targets[static_cast<std::size_t>(target)];
  if (side == FaceSide::both) {
    for (std::size_t i = 0; i < each.vertices.size(); ++i) {
      positions[each.vertices[i]] += each.moves[i] * weight;
    }
    return;
  }
  const float sign = side == FaceSide::left ? 1.F : -1.F;
  for (std::size_t i = 0; i < each.vertices.size(); ++i) {
    const auto vertex = each.vertices[i];
    const float share = smooth_step(-0.1F, 0.1F, sign * head_.positions[vertex].x);
    positions[vertex] += each.moves[i] * (weight * share);
  }
}

std::vector<Vec3> HeadShaper::shape(const FaceLook& look, const Expression& expression) const {
  std::vector<Vec3> positions = head_.positions;
  const auto ages = age_shares(look.age);
  const std::array<float, 2> sexes = {1 - look.sex, look.sex};
  for (std::size_t g = 0; g < 3; ++g) {
    for (std::size_t s = 0; s < 2; ++s) {
      for (std::size_t a = 0; a < 4; ++a) {
        add(positions, macros_[g * 8 + s * 4 + a], look.group[g] * sexes[s] * ages[a],
            FaceSide::both);
      }
    }
  }
  for (const auto& [target, weight] : look.shape) {
    if (target >= 0 && static_cast<std::size_t>(target) < head_.targets.size()) {
      add(positions, target, weight, FaceSide::both);
    }
  }
  const std::size_t count = std::min(movements_.size(), expression.weights.size());
  for (std::size_t m = 0; m < count; ++m) {
    const float weight = expression.weights[m];
    if (weight == 0) continue;
    for (const auto& part : movements_[m]) {
      if (part.targets[0] == part.targets[2]) {
        add(positions, part.targets[0], weight * part.weight, part.side);
        continue;
      }
      for (std::size_t g = 0; g < 3; ++g) {
        add(positions, part.targets[g], weight * part.weight * look.group[g], part.side);
      }
    }
  }
  if (expression.tongue > 0) {
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (tongue_[i] == 0) continue;
      const float share = tongue_[i] * expression.tongue;
      positions[i] += Vec3{0, -0.10F * share * share + 0.04F * share, 0.42F * share};
    }
  }
  return positions;
}

std::vector<Vec3> triangle_normals(std::span<const std::array<std::uint16_t, 3>> triangles,
                                   const std::vector<Vec3>& positions) {
  std::vector<Vec3> normals(positions.size());
  for (const auto& [a, b, c] : triangles) {
    const Vec3 normal = cross(positions[b] - positions[a], positions[c] - positions[a]);
    normals[a] += normal;
    normals[b] += normal;
    normals[c] += normal;
  }
  for (auto& normal : normals) normal = normalized(normal);
  return normals;
}

namespace {

Vec3 turned(const Vec3& p, float yaw, float pitch, float roll) {
  constexpr float kDegree = std::numbers::pi_v<float> / 180;
  const float cy = std::cos(yaw * kDegree), sy = std::sin(yaw * kDegree);
  const float cp = std::cos(pitch * kDegree), sp = std::sin(pitch * kDegree);
  const float cr = std::cos(roll * kDegree), sr = std::sin(roll * kDegree);
  const Vec3 a{p.x * cy + p.z * sy, p.y, -p.x * sy + p.z * cy};
  const Vec3 b{a.x, a.y * cp + a.z * sp, -a.y * sp + a.z * cp};
  return {b.x * cr + b.y * sr, -b.x * sr + b.y * cr, b.z};
}

const Vec3 kPivot{0, -0.5F, -0.9F};

}  // namespace

std::vector<Vec3> CameraView::turn(std::span<const Vec3> places,
                                   const std::vector<Vec3>& positions) const {
  // A rotation is linear: its three columns serve every vertex.
  const auto columns = [](float yaw, float pitch, float roll) {
    return std::array<Vec3, 3>{turned({1, 0, 0}, yaw, pitch, roll),
                               turned({0, 1, 0}, yaw, pitch, roll),
                               turned({0, 0, 1}, yaw, pitch, roll)};
  };
  const auto full = columns(camera_.yaw, camera_.pitch, camera_.roll);
  const auto body = columns(camera_.yaw * 0.4F, camera_.pitch * 0.2F, camera_.roll * 0.3F);
  Vec3 place = kPivot;
  if (camera_.focal > 0) {
    const float across = camera_.distance / camera_.focal;  // of the whole picture, at the eyes
    place += Vec3{camera_.shift_x * across, -camera_.shift_y * across, 0};
  }
  std::vector<Vec3> out(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Vec3 p = positions[i] - kPivot;
    Vec3 q = full[0] * p.x + full[1] * p.y + full[2] * p.z;
    const float neck = places.empty() ? 0 : 1 - smooth_step(-1.75F, -1.0F, places[i].y);
    if (neck > 0) {
      const Vec3 low = body[0] * p.x + body[1] * p.y + body[2] * p.z;
      q = q * (1 - neck) + low * neck;
    }
    out[i] = q + place;
  }
  return out;
}

Vec3 CameraView::turn_direction(const Vec3& direction) const {
  return turned(direction, camera_.yaw, camera_.pitch, camera_.roll);
}

void CameraView::frame(const std::vector<Vec3>& face) {
  const auto side = static_cast<float>(size_);
  if (camera_.focal > 0) {
    focal_ = camera_.focal * side;
    offset_ = {0.5F * side - 0.5F, 0.5F * side - 0.5F};
    return;
  }
  focal_ = 1;
  offset_ = {};
  float left = 1e9F, right = -1e9F, top = 1e9F, bottom = -1e9F;
  for (const auto& point : face) {
    const Vec3 at = project(point);
    left = std::min(left, at.x);
    right = std::max(right, at.x);
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  focal_ = camera_.face_height * side / std::max(1e-6F, bottom - top);
  offset_ = {(0.5F + camera_.shift_x) * side - 0.5F - focal_ * (left + right) / 2,
             (0.5F + camera_.shift_y) * side - 0.5F - focal_ * (top + bottom) / 2};
}

Vec3 CameraView::project(const Vec3& point) const {
  const float near = 1 / std::max(0.2F, camera_.distance - point.z);
  return {offset_.x + focal_ * point.x * near, offset_.y - focal_ * point.y * near, near};
}

}  // namespace mien::synthesis
