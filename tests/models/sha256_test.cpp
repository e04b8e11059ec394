#include "mien/models/sha256.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::models {
namespace {

TEST(Sha256, OfFiles) {
  const testing::TemporaryFolder folder;
  // FIPS 180-4's examples.
  EXPECT_EQ(sha256_file(folder.write("abc", "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_file(folder.write("empty", "")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_file(folder.write("million", std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_THROW(sha256_file(folder / "none"), base::Error);
  // A FIFO would be waited for.
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_THROW(sha256_file(folder / "fifo"), base::Error);
}

TEST(Sha256, OfPieces) {
  const testing::TemporaryFolder folder;
  Sha256 hash;
  hash.add("a");
  EXPECT_TRUE(hash.add_file(folder.write("bc", "bc")));
  EXPECT_EQ(hash.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, EndsWhenItIsToldTo) {
  const testing::TemporaryFolder folder;
  Sha256 hash;
  EXPECT_FALSE(hash.add_file(folder.write("abc", "abc"), [] { return true; }));
}

}  // namespace
}  // namespace mien::models
