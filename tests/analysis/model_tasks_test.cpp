#include "mien/analysis/model_tasks.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/models/model_card.hpp"

#include "support/shipped_models.hpp"
#include "support/temporary_folder.hpp"

namespace mien::analysis {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// A program's folder with models that a test may damage.
class TryModelTest : public ::testing::Test {
 protected:
  TryModelTest() { fs::create_directories(folder_ / "assets"); }

  fs::path shipped(const std::string& id) const {
    const auto to = folder_ / "models" / id;
    fs::create_directories(to);
    fs::copy(testing::kShippedModels / id, to,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    return to;
  }

  const testing::TemporaryFolder folder_;
  const testing::ScopedEnvironment data_{"MIEN_DATA_DIR", folder_.path().string()};
};

// The networks alone would be fine: what the readers of faces need beside them is tried, too.
TEST_F(TryModelTest, TheFacesBesideTheNetworksOfMovementsAreReadToo) {
  const std::vector<std::vector<std::string>> parts = {{"face-mesh", "canonical_face.json"},
                                                       {"face-movements", "resting_face.json"},
                                                       {"face-movements", "mouth.onnx"}};
  for (const auto& part : parts) {
    const auto model = shipped(part[0]);
    const auto card = models::load_model_card(model);
    EXPECT_NO_THROW(try_model(card)) << part[0];
    std::ofstream(model / part[1], std::ios::app) << ' ';
    EXPECT_THAT([&] { try_model(card); }, ThrowsMessage<base::Error>(HasSubstr(part[1])));
  }
}

}  // namespace
}  // namespace mien::analysis
