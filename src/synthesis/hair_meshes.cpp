#include "mien/synthesis/hair_meshes.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "mien/base/error.hpp"

#include "face_geometry.hpp"
#include "hair_texture.hpp"

namespace mien::synthesis {
namespace {

// Far above what the package has, and low enough that a damaged file takes no memory.
constexpr std::uintmax_t kMostMeshBytes = 16u << 20;
constexpr std::size_t kMaxNumbers = 1'000'000;  // of one list
constexpr std::size_t kMostMeshVertices = 40'000;
constexpr float kMaxShare = 50;   // of a vertex of the body
constexpr float kMaxOffset = 10;  // decimetres
constexpr std::size_t kMaxFiles = 200;
/// Shares beyond this are of a triangle so small that any expression would fling hair about.
constexpr float kSteadyShare = 1.5F;
/// What hangs lower is never in the picture.
constexpr float kNeck = -2.3F;
constexpr std::size_t kBodyVertices = 65536;
/// Brows and lashes of more triangles are made hair by hair, too thin to be seen.
constexpr std::size_t kMostOfBrows = 3000;
/// What hides more of an eye hides the expression.
constexpr float kMostOfEye = 0.5F;
/// Brows that rise more look angry at rest; the drawn ones rise by 0.2.
constexpr float kSteepestBrows = 0.24F;
/// Of the package's, those that no measure tells from the good ones: a hood that stands off the
/// forehead, and two heads of hair carved out of one piece.
constexpr std::array<std::string_view, 3> kLeftOut = {"long_alpha7", "minoan",
                                                      "southernbelleringlets"};

/// The lists of numbers of one of the package's JSON files, however they are nested, and the
/// name of its picture. All the rest is passed over without being kept.
class PackageFile : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit PackageFile(std::vector<std::string> wanted) {
    for (auto& name : wanted) lists_[std::move(name)];
  }
  const std::vector<double>& list(const std::string& name) const { return lists_.at(name); }
  const std::string& picture() const { return picture_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t value) override {
    return add(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override {
    if (in_picture_ && picture_.empty()) picture_ = value;
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return ++depth_ < kMaxDepth; }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return ++depth_ < kMaxDepth; }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (depth_ == 1) {
      const auto found = lists_.find(name);
      open_ = found == lists_.end() ? nullptr : &found->second;
      if (open_ != nullptr && !open_->empty()) return false;  // twice
    } else {
      open_ = nullptr;  // objects hold no list that is wanted
    }
    in_picture_ = name == "mapDiffuse";
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  static constexpr int kMaxDepth = 32;
  bool add(double value) {
    if (open_ == nullptr || depth_ < 2) return true;
    if (open_->size() >= kMaxNumbers) return false;
    open_->push_back(value);
    return true;
  }
  bool close() {
    if (--depth_ == 1) open_ = nullptr;
    return true;
  }
  std::map<std::string, std::vector<double>> lists_;
  std::vector<double>* open_ = nullptr;
  std::string picture_;
  bool in_picture_ = false;
  int depth_ = 0;
};

/// Throws Error "it ...", for the end of a sentence.
PackageFile read_lists(const std::filesystem::path& file, std::vector<std::string> wanted) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream stream(file, std::ios::binary);
  if (error || !stream) throw base::Error("it cannot be read");
  if (size > kMostMeshBytes) throw base::Error("it is too long");
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  PackageFile lists(std::move(wanted));
  if (!nlohmann::json::sax_parse(text, &lists)) throw base::Error("it is no such JSON");
  return lists;
}

/// A number as an index below `count`; throws Error "it ...".
std::size_t index_of(double value, std::size_t count, const char* what) {
  if (!(value >= 0 && value < static_cast<double>(count)) || value != std::floor(value)) {
    throw base::Error(std::string("it has ") + what + " that is not there");
  }
  return static_cast<std::size_t>(value);
}

float limited(double value, float most, const char* what) {
  if (!(std::abs(value) <= static_cast<double>(most))) {
    throw base::Error(std::string("it has ") + what + " out of range");
  }
  return static_cast<float>(value);
}

/// The head that meshes are laid on, found by the numbers of the whole body's vertices.
class Wearer {
 public:
  Wearer(const HeadData& head, std::filesystem::path model)
      : head_(head), model_(std::move(model)), index_(kBodyVertices, -1) {
    for (std::size_t i = 0; i < head.origins.size(); ++i) {
      index_[head.origins[i]] = static_cast<int>(i);
    }
    std::vector<char> skin(head.positions.size(), 0);
    for (std::size_t t = 0; t < head.triangles.size(); ++t) {
      if (head.parts[t] != HeadPart::skin) continue;
      for (const auto v : head.triangles[t]) skin[v] = 1;
    }
    for (std::size_t v = 0; v < skin.size(); ++v) {
      // Of the face, nothing: expressions do not move what hangs beside it.
      const Vec3& p = head.positions[v];
      const bool face = p.y < 0.5F && p.y > -1.4F && p.z > -0.55F;
      const bool ear = std::abs(p.x) > 0.78F && p.y > -1;
      if (skin[v] != 0 && !face && !ear) steady_.push_back(v);
    }
  }
  const HeadData& head() const { return head_; }
  /// A vertex of the head, or -1 when this one of the body is not of the head.
  int vertex(std::size_t of_body) const { return index_[of_body]; }

  /// Where a vertex of the whole body is; throws Error "it ..." without the body's file.
  Vec3 place(std::size_t of_body) {
    if (index_[of_body] >= 0) return head_.positions[static_cast<std::size_t>(index_[of_body])];
    if (!looked_) read_body();
    if (of_body >= body_.size()) throw base::Error("it hangs on a body that is not there");
    return body_[of_body];
  }
  /// Three vertices of scalp and neck around a place, and their shares.
  HairMesh::Vertex hang(const Vec3& place) const {
    std::array<std::pair<float, std::size_t>, 4> near;
    near.fill({1e9F, 0});
    for (const auto v : steady_) {
      const Vec3 out = head_.positions[v] - place;
      std::pair<float, std::size_t> own{dot(out, out), v};
      for (auto& each : near) {
        if (own.first < each.first) std::swap(own, each);
      }
    }
    HairMesh::Vertex vertex{};
    float sum = 0;
    // The fourth's distance is where a share ends, so that neighbours hang alike.
    for (std::size_t i = 0; i < 3; ++i) {
      vertex.head[i] = static_cast<std::uint16_t>(near[i].second);
      vertex.shares[i] =
          1 / std::max(1e-4F, near[i].first) - 0.999F / std::max(1e-4F, near[3].first);
      sum += vertex.shares[i];
    }
    vertex.offset = place;
    for (std::size_t i = 0; i < 3; ++i) {
      vertex.shares[i] /= sum;
      vertex.offset -= head_.positions[vertex.head[i]] * vertex.shares[i];
    }
    return vertex;
  }
  bool has_steady() const { return steady_.size() > 3; }
  /// From the nearest vertex of scalp and neck.
  float distance(const Vec3& place) const {
    float least = 1e9F;
    for (const auto v : steady_) {
      const Vec3 out = head_.positions[v] - place;
      least = std::min(least, dot(out, out));
    }
    return std::sqrt(least);
  }

 private:
  void read_body() {
    looked_ = true;
    std::vector<Vec3> body;
    try {
      const auto file = read_lists(model_, {"vertices"});
      const auto& numbers = file.list("vertices");
      for (std::size_t i = 0; i + 2 < numbers.size() && body.size() < kBodyVertices; i += 3) {
        body.emplace_back(static_cast<float>(numbers[i]), static_cast<float>(numbers[i + 1]),
                          static_cast<float>(numbers[i + 2]));
      }
    } catch (const base::Error&) {
      return;
    }
    // The head's own vertices say how far it was moved, and whether it is of this body.
    Vec3 move{0, 0, 0};
    for (int pass = 0; pass < 2; ++pass) {
      Vec3 sum{0, 0, 0};
      for (std::size_t i = 0; i < head_.origins.size(); ++i) {
        if (head_.origins[i] >= body.size()) return;
        const Vec3 off = body[head_.origins[i]] - head_.positions[i] - move;
        if (pass == 1 && !(dot(off, off) < 1e-4F)) return;
        sum += off * (1 / static_cast<float>(head_.origins.size()));
      }
      if (pass == 0) move = sum;
    }
    for (auto& point : body) {
      point -= move;
      if (!(dot(point, point) < 1e4F)) return;
    }
    body_ = std::move(body);
  }

  const HeadData& head_;
  std::filesystem::path model_;
  std::vector<int> index_;
  std::vector<std::size_t> steady_;
  bool looked_ = false;
  std::vector<Vec3> body_;
};

/// The mesh's vertices as its file has them, before they are taken apart where the texture has
/// seams.
struct Hung {
  std::vector<HairMesh::Vertex> vertices;
  std::vector<Vec3> places;
  std::vector<std::size_t> restless;  ///< with shares beyond kSteadyShare
};

Hung hang_vertices(const PackageFile& file, Wearer& wearer) {
  const auto& bodies = file.list("ref_vIdxs");
  const auto& shares = file.list("weights");
  const auto& offsets = file.list("offsets");
  if (bodies.empty() || bodies.size() % 3 != 0 || shares.size() != bodies.size() ||
      offsets.size() != bodies.size() || bodies.size() / 3 > kMostMeshVertices) {
    throw base::Error("its lists do not agree");
  }
  Hung hung;
  for (std::size_t i = 0; i < bodies.size(); i += 3) {
    HairMesh::Vertex vertex{};
    Vec3 place{0, 0, 0};
    bool on_head = true, calm = true;
    float* const offset[] = {&vertex.offset.x, &vertex.offset.y, &vertex.offset.z};
    for (std::size_t k = 0; k < 3; ++k) {
      const auto body = index_of(bodies[i + k], kBodyVertices, "a vertex of the body");
      const float share = limited(shares[i + k], kMaxShare, "a share");
      *offset[k] = limited(offsets[i + k], kMaxOffset, "an offset");
      const int own = wearer.vertex(body);
      on_head = on_head && own >= 0;
      calm = calm && std::abs(share) <= kSteadyShare;
      if (own >= 0) vertex.head[k] = static_cast<std::uint16_t>(own);
      vertex.shares[k] = share;
      place += wearer.place(body) * share;
    }
    place += vertex.offset;
    if (!on_head) vertex = wearer.hang(place);
    if (on_head && !calm) hung.restless.push_back(hung.vertices.size());
    hung.vertices.push_back(vertex);
    hung.places.push_back(place);
  }
  return hung;
}

/// Triangles with a texture's points, whose vertices have one point of it each.
void add_triangles(HairMesh& mesh, const PackageFile& file, const Hung& hung) {
  const auto& faces = file.list("faces");
  const auto& points = file.list("uvs");
  if (points.empty() || points.size() % 2 != 0) throw base::Error("it has no texture's points");
  std::map<std::pair<std::size_t, std::size_t>, std::uint16_t> known;
  // three.js: 1 means four corners, 2 a material, 8 a texture's point for each corner.
  constexpr double kThree = 10, kFour = 11;
  for (std::size_t at = 0; at < faces.size();) {
    const std::size_t corners = faces[at] == kThree ? 3 : faces[at] == kFour ? 4 : 0;
    if (corners == 0) throw base::Error("it has faces of another kind");
    if (faces.size() - at < 2 + 2 * corners) throw base::Error("its last face is cut off");
    std::array<std::uint16_t, 4> own{};
    bool low = true;
    for (std::size_t c = 0; c < corners; ++c) {
      const auto vertex = index_of(faces[at + 1 + c], hung.vertices.size(), "a corner");
      const auto point = index_of(faces[at + 2 + corners + c], points.size() / 2, "a point");
      low = low && hung.places[vertex].y < kNeck;
      const auto [found, is_new] =
          known.try_emplace({vertex, point}, static_cast<std::uint16_t>(mesh.vertices.size()));
      if (is_new) {
        if (mesh.vertices.size() >= kMostMeshVertices) throw base::Error("it is too large");
        mesh.vertices.push_back(hung.vertices[vertex]);
        mesh.places.push_back(hung.places[vertex]);
        mesh.uvs.emplace_back(clamp01(limited(points[2 * point], 100, "a point")),
                              clamp01(1 - limited(points[2 * point + 1], 100, "a point")));
      }
      own[c] = found->second;
    }
    at += 2 + 2 * corners;
    if (low) continue;
    mesh.triangles.push_back({own[0], own[1], own[2]});
    if (corners == 4) mesh.triangles.push_back({own[0], own[2], own[3]});
  }
  if (mesh.triangles.empty()) throw base::Error("it has no faces");
}

/// A triangle's middle, and its area as far as there is hair on it.
struct Piece {
  Vec3 place;
  float amount;
};

/// Finds what is known of a mesh's triangles.
std::vector<Piece> find_pieces(HairMesh& mesh) {
  const auto side = static_cast<float>(mesh.textures.front().rows);
  std::vector<Piece> pieces;
  float whole = 0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const auto& [a, b, c] = mesh.triangles[t];
    const Vec3 normal = cross(mesh.places[b] - mesh.places[a], mesh.places[c] - mesh.places[a]);
    const float area = std::sqrt(dot(normal, normal));
    const auto u = mesh.uvs[b] - mesh.uvs[a], v = mesh.uvs[c] - mesh.uvs[a];
    const float points = std::abs(u.x * v.y - u.y * v.x) * side * side;
    mesh.texels.push_back(std::sqrt(std::max(1.F, points) / std::max(1e-6F, area)));
    float there = 0;
    constexpr std::array<std::array<float, 3>, 4> kInside = {
        {{0.33F, 0.33F, 0.34F}, {0.6F, 0.2F, 0.2F}, {0.2F, 0.6F, 0.2F}, {0.2F, 0.2F, 0.6F}}};
    for (const auto& s : kInside) {
      const auto uv = mesh.uvs[a] * s[0] + mesh.uvs[b] * s[1] + mesh.uvs[c] * s[2];
      there += hair_at(mesh, uv, 3).cover / static_cast<float>(kInside.size());
    }
    if (there > 0.5F) mesh.solid.push_back(mesh.triangles[t]);
    pieces.push_back(
        {(mesh.places[a] + mesh.places[b] + mesh.places[c]) * (1.F / 3), area * there});
    whole += area * there;
  }
  if (!(whole > 0)) throw base::Error("its picture shows nothing of it");
  return pieces;
}

/// The number below which this share of the pieces lies.
float quantile(std::vector<std::pair<float, float>> numbers_and_amounts, float share) {
  std::sort(numbers_and_amounts.begin(), numbers_and_amounts.end());
  float whole = 0, below = 0;
  for (const auto& each : numbers_and_amounts) whole += each.second;
  for (const auto& [number, amount] : numbers_and_amounts) {
    below += amount;
    if (below >= share * whole) return number;
  }
  return 0;
}

float lowest_of(const std::vector<Piece>& pieces) {
  std::vector<std::pair<float, float>> heights;
  heights.reserve(pieces.size());
  for (const auto& piece : pieces) heights.emplace_back(piece.place.y, piece.amount);
  return quantile(std::move(heights), 0.03F);
}

/// Of what is not below the ears.
float stands_off_of(const std::vector<Piece>& pieces, const Wearer& wearer) {
  constexpr std::size_t kEnough = 500;
  std::vector<std::pair<float, float>> distances;
  for (std::size_t i = 0; i < pieces.size(); i += pieces.size() / kEnough + 1) {
    if (pieces[i].place.y < -0.2F) continue;
    distances.emplace_back(wearer.distance(pieces[i].place), pieces[i].amount);
  }
  return quantile(std::move(distances), 0.9F);
}

/// How much brows rise from their inner ends to where they are highest.
float slant(const std::vector<Piece>& pieces) {
  constexpr float kHighest = 0.4F;  // from the face's middle
  float whole = 0, x = 0, y = 0, xy = 0, xx = 0;
  for (const auto& [place, amount] : pieces) {
    if (std::abs(place.x) > kHighest) continue;
    whole += amount;
    x += amount * std::abs(place.x);
    y += amount * place.y;
  }
  if (!(whole > 0)) return 0;
  x /= whole;
  y /= whole;
  for (const auto& [place, amount] : pieces) {
    if (std::abs(place.x) > kHighest) continue;
    const float out = std::abs(place.x) - x;
    xy += amount * out * (place.y - y);
    xx += amount * out * out;
  }
  return xy / std::max(1e-6F, xx);
}

/// The share of points on the eye that hides most of them behind a mesh, seen from the front
/// and from a little to either side.
float hidden_eye(const HairMesh& mesh, const HeadData& head) {
  float most = 0;
  for (const auto part : {HeadPart::right_eye, HeadPart::left_eye}) {
    Vec3 middle{0, 0, -10};
    float left = 1e9F, right = -1e9F;
    for (std::size_t t = 0; t < head.triangles.size(); ++t) {
      if (head.parts[t] != part) continue;
      for (const auto v : head.triangles[t]) {
        left = std::min(left, head.positions[v].x);
        right = std::max(right, head.positions[v].x);
        middle.z = std::max(middle.z, head.positions[v].z);
      }
    }
    if (left > right) continue;
    middle.x = (left + right) / 2;
    for (const float aside : {-0.15F, 0.F, 0.15F}) {
      int points = 0, hidden = 0;
      for (int column = -2; column <= 2; ++column) {
        for (int row = -1; row <= 1; ++row) {
          const Vec3 point = middle + Vec3{static_cast<float>(column) * (right - left) / 6,
                                           static_cast<float>(row) * 0.04F, 0};
          ++points;
          hidden += std::ranges::any_of(
                        mesh.solid,
                        [&](const auto& corners) {
                          // Laid along the line of sight, so that it is a test in two
                          // dimensions.
                          std::array<Vec3, 3> flat;
                          for (std::size_t i = 0; i < 3; ++i) {
                            flat[i] = mesh.places[corners[i]] - point;
                            flat[i].x -= flat[i].z * aside;
                          }
                          const auto side = [&](std::size_t a, std::size_t b) {
                            return flat[a].x * flat[b].y - flat[a].y * flat[b].x;
                          };
                          const float ab = side(0, 1), bc = side(1, 2), ca = side(2, 0);
                          const bool inside = (ab >= 0 && bc >= 0 && ca >= 0) ||
                                              (ab <= 0 && bc <= 0 && ca <= 0);
                          return inside && flat[0].z + flat[1].z + flat[2].z > 0;
                        })
                        ? 1
                        : 0;
        }
      }
      most = std::max(most, static_cast<float>(hidden) / static_cast<float>(points));
    }
  }
  return most;
}

/// Beards and moustaches lie among the hair.
HairKind kind_among_hair(const std::vector<Vec3>& places) {
  float top = -1e9F, bottom = 1e9F;
  for (const auto& place : places) {
    top = std::max(top, place.y);
    bottom = std::min(bottom, place.y);
  }
  if (top >= 0.15F) return HairKind::hair;
  return top - bottom < 0.6F ? HairKind::moustache : HairKind::beard;
}

/// Nothing when it is in order but would spoil faces.
std::optional<HairMesh> read_mesh(const std::filesystem::path& file, HairKind kind,
                                  Wearer& wearer) {
  HairMesh mesh;
  mesh.name = file.stem().string();
  mesh.kind = kind;
  const auto lists = read_lists(file, {"ref_vIdxs", "weights", "offsets", "faces", "uvs"});
  auto hung = hang_vertices(lists, wearer);
  if (kind == HairKind::hair) mesh.kind = kind_among_hair(hung.places);
  if (mesh.kind == HairKind::hair) {
    for (const auto v : hung.restless) hung.vertices[v] = wearer.hang(hung.places[v]);
  }
  add_triangles(mesh, lists, hung);
  const bool fine = kind == HairKind::brows || kind == HairKind::lashes;
  if (fine && mesh.triangles.size() > kMostOfBrows) return {};
  const auto picture = std::filesystem::path(lists.picture()).filename();
  if (picture.empty()) throw base::Error("it names no picture");
  mesh.textures = read_hair_texture(file.parent_path() / "textures" / picture);
  const auto pieces = find_pieces(mesh);
  if (kind == HairKind::brows && slant(pieces) > kSteepestBrows) return {};
  mesh.lowest = lowest_of(pieces);
  if (mesh.kind == HairKind::hair) {
    mesh.stands_off = stands_off_of(pieces, wearer);
    mesh.hides_eye = hidden_eye(mesh, wearer.head());
    if (mesh.hides_eye > kMostOfEye) return {};
  }
  return mesh;
}

/// The JSON files of a folder's folders, by name.
std::vector<std::filesystem::path> mesh_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(folder, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    const auto file = it->path() / (it->path().filename().string() + ".json");
    if (std::filesystem::is_regular_file(file, error)) files.push_back(file);
    error.clear();
  }
  std::sort(files.begin(), files.end());
  if (files.size() > kMaxFiles) files.resize(kMaxFiles);
  return files;
}

}  // namespace

HairMeshes read_hair_meshes(const std::filesystem::path& package, const HeadData& head) {
  const auto data = package / "public" / "data";
  Wearer wearer(head, data / "models" / "human_full_size.json");
  HairMeshes all;
  if (!wearer.has_steady()) return all;
  std::string names, reason;
  constexpr std::array<std::pair<const char*, HairKind>, 3> kFolders = {
      {{"hair", HairKind::hair},
       {"eyebrows", HairKind::brows},
       {"eyelashes", HairKind::lashes}}};
  for (const auto& [folder, kind] : kFolders) {
    for (const auto& file : mesh_files(data / "proxies" / folder)) {
      if (std::ranges::find(kLeftOut, file.stem().string()) != kLeftOut.end()) continue;
      try {
        if (auto mesh = read_mesh(file, kind, wearer)) all.meshes.push_back(std::move(*mesh));
      } catch (const base::Error& error) {
        const std::string name = file.stem().string();
        if (reason.empty()) reason = name + ": " + error.what();
        names += (names.empty() ? "" : ", ") + name;
      }
    }
  }
  std::stable_sort(all.meshes.begin(), all.meshes.end(),
                   [](const auto& a, const auto& b) { return a.kind < b.kind; });
  if (!names.empty()) {
    all.problem = "Hair in " + package.string() + " is left out: " + names + " (" + reason +
                  "); fetch the package again.";
  }
  return all;
}

}  // namespace mien::synthesis
