#include "mien/models/library_versions.hpp"

#include <google/protobuf/stubs/common.h>

#include <nlohmann/json.hpp>
#include <onnx/common/version.h>

namespace mien::models {

std::vector<std::pair<std::string, std::string>> library_versions() {
  constexpr int kProtobuf = GOOGLE_PROTOBUF_VERSION;  // 3021012 is 3.21.12
  return {{"ONNX", ONNX_NAMESPACE::LAST_RELEASE_VERSION},
          {"protobuf", std::to_string(kProtobuf / 1'000'000) + '.' +
                           std::to_string(kProtobuf / 1'000 % 1'000) + '.' +
                           std::to_string(kProtobuf % 1'000)},
          {"nlohmann_json", std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + '.' +
                                std::to_string(NLOHMANN_JSON_VERSION_MINOR) + '.' +
                                std::to_string(NLOHMANN_JSON_VERSION_PATCH)}};
}

}  // namespace mien::models
