#include "rasterizer.hpp"

#include <opencv2/imgproc.hpp>

namespace mien::synthesis {
namespace {

// What casts shadows lies around the head's middle; farther points are lit.
const Vec3 kMiddle{0, -0.35F, -0.6F};
constexpr float kReach = 1.9F;
constexpr float kBehindEverything = -1e9F;

}  // namespace

void ShadowCasters::add(std::span<const Triangle> triangles,
                        const std::vector<Vec3>& positions) {
  const auto first = static_cast<std::uint32_t>(positions_.size());
  positions_.reserve(first + positions.size());
  triangles_.reserve(triangles_.size() + triangles.size());
  for (auto* each : {&normal_x_, &normal_y_, &normal_z_}) {
    each->reserve(each->size() + triangles.size());
  }
  for (const auto& point : positions) positions_.emplace_back(point.x, point.y, point.z, 0.F);
  for (const auto& [a, b, c] : triangles) {
    triangles_.push_back({first + a, first + b, first + c});
    const Vec3 normal = cross(positions[b] - positions[a], positions[c] - positions[a]);
    normal_x_.push_back(normal.x);
    normal_y_.push_back(normal.y);
    normal_z_.push_back(normal.z);
  }
}

ShadowMap::ShadowMap(const Vec3& direction, int side, const ShadowCasters& casters,
                     float widest)
    : towards_(normalized(direction)),
      side_(side),
      scale_(static_cast<float>(side - 1) / (2 * kReach)),
      depth_(side, row_stride(side), CV_32F,
             cv::Scalar(static_cast<double>(kBehindEverything))) {
  const Vec3 helper = std::abs(towards_.y) < 0.9F ? Vec3{0, 1, 0} : Vec3{1, 0, 0};
  right_ = normalized(cross(helper, towards_));
  up_ = cross(towards_, right_);
  origin_ = {(kReach - dot(kMiddle, right_)) * scale_, (kReach + dot(kMiddle, up_)) * scale_,
             -dot(kMiddle, towards_)};
  right_ = right_ * scale_;
  up_ = up_ * -scale_;
  draw(casters);
  if (widest > 0) {
    const int reach = static_cast<int>(widest * scale_) + 2;
    const cv::Mat around =
        cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1});
    cv::dilate(depth_, nearest_, around);
  }
}

void ShadowMap::draw(const ShadowCasters& casters) {
  const std::size_t triangles = casters.triangles_.size();
  const Vec3 &right = right_, &up = up_, &towards = towards_;
  const cv::v_float32x4 from_x(right.x, up.x, towards.x, 0),
      from_y(right.y, up.y, towards.y, 0), from_z(right.z, up.z, towards.z, 0),
      origin(origin_.x, origin_.y, origin_.z, 0);
  // Of what is written before it is read nothing need be cleared.
  const std::size_t corners = casters.positions_.size();
  const auto placed = std::make_unique_for_overwrite<std::array<float, 4>[]>(corners);
  PointBoxes boxes(side_, side_, corners);
  for (std::size_t i = 0; i < corners; ++i) {
    const auto& p = casters.positions_[i];
    const auto at = origin + cv::v_setall_f32(p[0]) * from_x + cv::v_setall_f32(p[1]) * from_y +
                    cv::v_setall_f32(p[2]) * from_z;
    cv::v_store(placed[i].data(), at);
    boxes.set(i, at);
  }
  const auto facing = std::make_unique_for_overwrite<float[]>(triangles);
  for (std::size_t i = 0; i < triangles; ++i) {
    facing[i] = casters.normal_x_[i] * towards.x + casters.normal_y_[i] * towards.y +
                casters.normal_z_[i] * towards.z;
  }
  const auto front = std::make_unique_for_overwrite<std::uint32_t[]>(triangles + 1);
  std::size_t count = 0;
  for (std::size_t i = 0; i < triangles; ++i) {
    front[count] = static_cast<std::uint32_t>(i);
    count += facing[i] > 0 ? 1 : 0;
  }
  auto* depth = depth_.ptr<float>();
  const auto stride = static_cast<int>(depth_.step1());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [ia, ib, ic] = casters.triangles_[front[i]];
    const PointBox box = boxes.around(ia, ib, ic);
    if (box.empty()) continue;  // as most triangles do, it lies between the map's points
    const auto &pa = placed[ia], &pb = placed[ib], &pc = placed[ic];
    const Vec3 a{pa[0], pa[1], pa[2]}, b{pb[0], pb[1], pb[2]}, c{pc[0], pc[1], pc[2]};
    const float area = signed_area(a, b, c);
    if (!(area < 0)) continue;
    const auto az = cv::v_setall_f32(a.z), bz = cv::v_setall_f32(b.z),
               cz = cv::v_setall_f32(c.z);
    walk_box(a, b, c, area, box, stride,
             [&](std::size_t at, const cv::v_float32x4& inside, const cv::v_float32x4& b0,
                 const cv::v_float32x4& b1, const cv::v_float32x4& b2) {
               const auto before = cv::v_load(depth + at);
               const auto nearest = cv::v_max(before, b0 * az + b1 * bz + b2 * cz);
               cv::v_store(depth + at, cv::v_select(inside, nearest, before));
             });
  }
}

float ShadowMap::softly_lit(const Vec3& point, float radius, float bias) const {
  const Vec3 p = place(point);
  const float limit = p.z + bias;
  const float reach = radius * scale_;
  // Outside the map nothing casts a shadow.
  if (!(p.x >= 0 && p.y >= 0 && p.x < static_cast<float>(side_ - 1) &&
        p.y < static_cast<float>(side_ - 1))) {
    return 1;
  }
  // Most points lie far from any shadow's edge.
  if (!nearest_.empty() &&
      nearest_.at<float>(static_cast<int>(p.y), static_cast<int>(p.x)) <= limit) {
    return 1;
  }
  // Eight taps, four at a time, each between the four points around it.
  alignas(16) static constexpr std::array<float, 8> across = {0,      1,     -0.5F, -0.5F,
                                                              -0.68F, 0.18F, 0.62F, -0.2F};
  alignas(16) static constexpr std::array<float, 8> along = {0,     0,     0.87F, -0.87F,
                                                             0.18F, -0.3F, 0.55F, -0.62F};
  const auto least = cv::v_setzero_f32();
  const auto most = cv::v_setall_f32(static_cast<float>(side_) - 1.001F);
  const auto one = cv::v_setall_f32(1), limits = cv::v_setall_f32(limit);
  const auto stride = static_cast<int>(depth_.step1());
  const auto* depth = depth_.ptr<float>();
  auto sum = cv::v_setzero_f32();
  for (std::size_t i = 0; i < across.size(); i += 4) {
    const auto within = [&](const cv::v_float32x4& v) {
      return cv::v_min(cv::v_max(v, least), most);
    };
    const auto x =
        within(cv::v_setall_f32(p.x) + cv::v_load(across.data() + i) * cv::v_setall_f32(reach));
    const auto y =
        within(cv::v_setall_f32(p.y) + cv::v_load(along.data() + i) * cv::v_setall_f32(reach));
    const auto column = cv::v_trunc(x), row = cv::v_trunc(y);
    const auto fx = x - cv::v_cvt_f32(column), fy = y - cv::v_cvt_f32(row);
    std::array<int, 4> columns, rows;
    cv::v_store(columns.data(), column);
    cv::v_store(rows.data(), row);
    std::array<float, 4> a, b, c, d;
    for (std::size_t k = 0; k < 4; ++k) {
      const auto* at = depth + std::ptrdiff_t{rows[k]} * stride + columns[k];
      a[k] = at[0];
      b[k] = at[1];
      c[k] = at[stride];
      d[k] = at[stride + 1];
    }
    const auto lit = [&](const std::array<float, 4>& depths) {
      return (cv::v_load(depths.data()) <= limits) & one;
    };
    const auto upper = lit(a) * (one - fx) + lit(b) * fx;
    const auto lower = lit(c) * (one - fx) + lit(d) * fx;
    sum += upper * (one - fy) + lower * fy;
  }
  return cv::v_reduce_sum(sum) / 8;
}

}  // namespace mien::synthesis
