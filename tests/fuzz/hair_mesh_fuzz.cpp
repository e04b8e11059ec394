// A mesh of hair: after one byte, its JSON (even) or the picture of its strands (odd).

#include <array>

#include "mien/synthesis/hair_meshes.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {
namespace {

/// A piece of scalp and two eyes, as few vertices as a head can have.
synthesis::HeadData small_head() {
  synthesis::HeadData head;
  for (std::uint16_t v = 0; v < 12; ++v) {
    const auto number = static_cast<float>(v);
    head.positions.emplace_back(0.1F * number - 0.5F, v < 6 ? 0.8F : 0, v < 6 ? -0.8F : 0.1F);
    head.origins.push_back(v);
  }
  head.triangles = {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {9, 10, 11}};
  head.parts = {synthesis::HeadPart::skin, synthesis::HeadPart::skin,
                synthesis::HeadPart::right_eye, synthesis::HeadPart::left_eye};
  return head;
}

constexpr std::string_view kMesh =
    R"({"ref_vIdxs":[[0,1,2],[1,2,3],[2,3,4]],"weights":[[1,0,0],[1,0,0],[1,0,0]],)"
    R"("offsets":[[0,0.1,0],[0,0.1,0],[0,0.2,0]],"faces":[10,0,1,2,0,0,0,0],)"
    R"("uvs":[[0.5,0.5]],"materials":[{"mapDiffuse":"textures/x.png"}]})";

// A PNG of one gray point that is all there.
constexpr std::array<unsigned char, 70> kPicture = {
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00,
    0x00, 0x1F, 0x15, 0xC4, 0x89, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9C, 0x63, 0x88, 0x8A, 0x8A, 0xFA, 0x0F, 0x00, 0x04, 0x2E, 0x02, 0x0E, 0x9F, 0xD6,
    0xE0, 0xFB, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto head = small_head();
  static const bool made =
      std::filesystem::create_directories(folder() / "public/data/proxies/hair/x/textures");
  if (!made) std::abort();
  if (size == 0) return 0;
  const auto content = text_of(data + 1, size - 1);
  const bool is_mesh = data[0] % 2 == 0;
  write("public/data/proxies/hair/x/x.json", is_mesh ? content : kMesh);
  write("public/data/proxies/hair/x/textures/x.png",
        is_mesh ? text_of(kPicture.data(), kPicture.size()) : content);
  const auto read = synthesis::read_hair_meshes(folder(), head);
  for (const auto& each : read.meshes) {
    for (const auto& vertex : each.vertices) {
      for (const auto v : vertex.head) {
        if (v >= head.positions.size()) std::abort();
      }
    }
    for (const auto& triangle : each.triangles) {
      for (const auto v : triangle) {
        if (v >= each.vertices.size()) std::abort();
      }
    }
  }
  return 0;
}

}  // namespace mien::fuzz
