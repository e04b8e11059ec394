#include "desktop.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::AllOf;
using testing::eventually;
using ::testing::HasSubstr;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
using ::testing::ThrowsMessage;
namespace fs = std::filesystem;

/// A desktop whose xdg-open is a script of the test's.
class DesktopTest : public ::testing::Test {
 protected:
  void xdg_open(const std::string& script) const {
    const auto file = folder_.write("bin/xdg-open", "#!/bin/sh\n" + script + '\n');
    fs::permissions(file, fs::perms::owner_all);
  }

  TemporaryFolder folder_;
  ScopedEnvironment path_{"PATH", (folder_ / "bin").string()};
};

TEST_F(DesktopTest, GivesThePathAsItIs) {
  const auto told = folder_ / "told";
  xdg_open("printf '%s' \"$1\" > '" + told.string() + "'");
  open_with_desktop("/sessions/a b; $(c)");
  const auto text = [&] {
    std::ifstream in(told);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_TRUE(eventually([&] { return text() == "/sessions/a b; $(c)"; })) << text();
}

TEST_F(DesktopTest, WithoutXdgOpenItSaysWhatToDo) {
  EXPECT_THAT(
      [] { open_with_desktop("/sessions/one"); },
      ThrowsMessage<base::Error>(AllOf(HasSubstr("/sessions/one"), HasSubstr("xdg-utils"))));
}

TEST_F(DesktopTest, WithoutAFileManagerItSaysSo) {
  xdg_open("exit 3");
  EXPECT_THAT(
      [] { open_with_desktop("/sessions/one"); },
      ThrowsMessage<base::Error>(AllOf(HasSubstr("/sessions/one"), HasSubstr("yourself"))));
}

TEST_F(DesktopTest, DoesNotWaitForAFileManagerThatStaysOpen) {
  xdg_open("exec /bin/sleep 20");
  EXPECT_NO_THROW(open_with_desktop("/sessions/one"));
}

}  // namespace
}  // namespace mien::app
