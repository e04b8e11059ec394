#pragma once

#include <functional>
#include <map>
#include <string>

#include "mien/emotions/emotion_model.hpp"

#include "support/model_folder.hpp"

namespace mien::emotions {

using Files = std::map<std::string, std::string>;  // content by name

/// The tiny network of support/foreign_bytes.hpp.
Files caffe_files();
Files tensorflow_files();

/// Networks of every layer that is let through, each with what it may have.
Files rich_caffe_files();
Files rich_tensorflow_files();

/// Writes `files` into `folder`; the card of the model that they are, in 4x4 colour pictures.
models::ModelCard foreign_card(
    const testing::TemporaryFolder& folder, const Files& files, const std::string& format,
    const std::function<void(nlohmann::json&)>& change = [](nlohmann::json&) {});

}  // namespace mien::emotions
