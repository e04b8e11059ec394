// The faces of a labelled folder of pictures as the program shows them to an expression model:
// gray squares of the model's size, one for each view of its card. training/export.py judges
// networks by them. Not part of the usual build:
//   cmake --preset release -DMIEN_BENCHMARKS=ON
//   cmake --build build/release --target mien_face_views
//   build/release/benchmarks/mien_face_views models/mien-base PICTURES OUT
// writes OUT/LABEL/NAME-VIEW.png, VIEW counted from 0, and the card to OUT; pictures without a
// face are named and left out.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/faces/face_align.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_card.hpp"
#include "mien/models/model_library.hpp"
#include "mien/sources/labelled_folder.hpp"

namespace mien::benchmarks {
namespace {

namespace fs = std::filesystem;

void write_views(const fs::path& model, const fs::path& pictures, const fs::path& out) {
  const auto card = models::load_model_card(model);
  const auto detector = faces::make_detector("auto", models::ModelLibrary::standard());
  const int side = std::max(card.input.width, card.input.height);
  auto views = card.crop.views;
  if (views.empty()) views.push_back({});
  fs::create_directories(out);
  fs::copy_file(model / "card.json", out / "card.json", fs::copy_options::overwrite_existing);
  for (const auto& folder : sources::scan_labelled_folder(pictures)) {
    fs::create_directories(out / folder.name);
    for (const auto& file : folder.files) {
      const cv::Mat picture = cv::imread(file.string());
      const base::Face* largest = nullptr;
      const auto found =
          picture.empty() ? std::vector<base::Face>{} : detector->detect(picture);
      for (const auto& face : found) {
        if (largest == nullptr || face.box.area() > largest->box.area()) largest = &face;
      }
      if (largest == nullptr) {
        std::printf("no face: %s\n", file.c_str());
        continue;
      }
      for (std::size_t i = 0; i < views.size(); ++i) {
        cv::Mat gray;
        cv::cvtColor(faces::align_face(picture, *largest, card.crop, side, views[i]), gray,
                     cv::COLOR_BGR2GRAY);
        const auto name = file.stem().string() + "-" + std::to_string(i) + ".png";
        cv::imwrite((out / folder.name / name).string(), gray);
      }
    }
  }
}

}  // namespace
}  // namespace mien::benchmarks

int main(int argc, char** argv) {
  if (argc != 4) {
    std::puts("mien_face_views MODEL_FOLDER PICTURES OUT");
    return 2;
  }
  try {
    mien::benchmarks::write_views(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::puts(error.what());
    return 1;
  }
}
