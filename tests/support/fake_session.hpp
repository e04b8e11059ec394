#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "mien/analysis/live_session.hpp"

#include "support/fakes.hpp"

namespace mien::testing {

/// A live session of fakes that runs: pictures of that size, with these faces in each.
inline std::unique_ptr<analysis::LiveSession> fake_session(cv::Size size = {64, 48},
                                                           std::vector<base::Face> faces = {}) {
  analysis::LiveSession::Factories factories;
  factories.open_source = [size](const sources::SourceRequest& request) {
    FakeSource::Script script;
    script.info.spec = request.spec;
    script.info.size = size;
    return std::make_unique<FakeSource>(script);
  };
  factories.make_detector = [faces = std::move(faces)](const std::string& id) {
    return std::make_unique<FakeDetector>(id, faces);
  };
  factories.load_model = [](const std::string& id, const std::string&) {
    return std::make_unique<FakeModel>(id);
  };
  return std::make_unique<analysis::LiveSession>(
      factories,
      analysis::LiveSession::Start{.source = {.spec = "fake", .realtime = true, .mode = {}},
                                   .detector = "fake",
                                   .model = "fake"});
}

}  // namespace mien::testing
