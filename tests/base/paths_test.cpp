#include "mien/base/paths.hpp"

#include <pwd.h>

#include <gtest/gtest.h>
#include <unistd.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

using testing::ScopedEnvironment;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

TEST(Paths, FollowXdg) {
  const TemporaryFolder home;
  const ScopedEnvironment h("HOME", home.path());
  const ScopedEnvironment config("XDG_CONFIG_HOME", home / "conf");
  const ScopedEnvironment data("XDG_DATA_HOME", "relative/is/invalid");
  const ScopedEnvironment state("XDG_STATE_HOME", "");
  EXPECT_EQ(user_config_dir(), home / "conf/mien");
  EXPECT_EQ(user_data_dir(), home / ".local/share/mien");
  EXPECT_EQ(user_state_dir(), home / ".local/state/mien");
  EXPECT_EQ(default_sessions_dir(), home / "Videos/mien");
  EXPECT_EQ(default_screenshots_dir(), home / "Pictures/mien");
}

TEST(Paths, UseTheUsersOwnFolders) {
  const TemporaryFolder home;
  const ScopedEnvironment h("HOME", home.path());
  const ScopedEnvironment config("XDG_CONFIG_HOME", "");
  home.write(".config/user-dirs.dirs",
             "# comment\nXDG_VIDEOS_DIR=\"$HOME/Filme\"\nXDG_PICTURES_DIR=\"/srv/pics\"\n");
  EXPECT_EQ(default_sessions_dir(), home / "Filme/mien");
  EXPECT_EQ(default_screenshots_dir(), fs::path("/srv/pics/mien"));
}

TEST(Paths, FindTheProgramsFiles) {
  EXPECT_TRUE(fs::is_directory(data_dir() / "assets"));
  const TemporaryFolder folder;
  const ScopedEnvironment wrong("MIEN_DATA_DIR", folder.path());
  EXPECT_THROW(data_dir(), Error);
  fs::create_directory(folder / "assets");
  fs::create_directory(folder / "models");
  EXPECT_EQ(data_dir(), folder.path());
}

TEST(Paths, WithoutHomeAreTheAccountsAndNeverShared) {
  const passwd* account = ::getpwuid(::getuid());
  const fs::path home = account != nullptr && fs::path(account->pw_dir).is_absolute()
                            ? account->pw_dir
                            : "/nonexistent";
  for (const char* value : {"", "relative", "."}) {
    const ScopedEnvironment unset("HOME", value);
    const ScopedEnvironment config("XDG_CONFIG_HOME", "");
    const ScopedEnvironment data("XDG_DATA_HOME", "");
    EXPECT_EQ(home_dir(), home);
    EXPECT_EQ(user_config_dir(), home / ".config/mien");
    EXPECT_EQ(user_data_dir(), home / ".local/share/mien");
    EXPECT_EQ(default_sessions_dir().string().find(fs::temp_directory_path().string() + "/"),
              std::string::npos);
  }
}

std::string error_for(const fs::path& program) {
  try {
    return "found " + data_dir_of(program).string();
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Paths, EachInstallationHasItsOwnFiles) {
  const TemporaryFolder folder;
  for (const char* version : {"one", "two"}) {
    fs::create_directories(folder / version / "share/mien/assets");
    fs::create_directories(folder / version / "share/mien/models");
  }
  for (const char* version : {"one", "two"}) {
    EXPECT_EQ(data_dir_of(folder / version / "bin/mien"),
              fs::canonical(folder / version / "share/mien"));
  }
}

TEST(Paths, AHalfRemovedInstallationNamesWhatIsMissing) {
  const TemporaryFolder folder;
  const fs::path program = folder / "opt/bin/mien";
  // Beside the installed program, and not its own.
  fs::create_directories(folder / "opt/assets");
  fs::create_directories(folder / "opt/models");
  const std::string share = (folder / "opt/share/mien").string();
  EXPECT_EQ(error_for(program), "The folder " + share +
                                    "/assets, which belongs to mien, is missing; install "
                                    "mien again.");
  fs::create_directories(folder / "opt/share/mien/assets");
  EXPECT_EQ(error_for(program), "The folder " + share +
                                    "/models, which belongs to mien, is missing; install "
                                    "mien again.");
  folder.write("opt/share/mien/files.txt", "assets/a.otf\nmodels/b/card.json\n");
  folder.write("opt/share/mien/assets/a.otf", "");
  fs::create_directories(folder / "opt/share/mien/models/b");
  EXPECT_EQ(error_for(program), "The file " + share +
                                    "/models/b/card.json, which belongs to mien, is missing; "
                                    "install mien again.");
  folder.write("opt/share/mien/models/b/card.json", "");
  EXPECT_EQ(error_for(program), "found " + fs::canonical(share).string());
}

TEST(Paths, ABuildTreeMayBeCalledBin) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "assets");
  fs::create_directories(folder / "models");
  folder.write("bin/CMakeCache.txt", "");
  EXPECT_EQ(data_dir_of(folder / "bin/mien"), fs::canonical(folder.path()));
}

TEST(Paths, FindTheProgramsFilesFromTheBuildTree) {
  const ScopedEnvironment unset("MIEN_DATA_DIR", "");
  EXPECT_TRUE(fs::is_directory(data_dir() / "assets/fonts"));
}

}  // namespace
}  // namespace mien::base
