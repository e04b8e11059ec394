#include "mien/system/shared_library.hpp"

#include <gtest/gtest.h>

namespace mien::system {
namespace {

TEST(SharedLibrary, FindsFunctionsByTheirName) {
  std::string problem = "before";
  const auto library = SharedLibrary::load("libm.so.6", problem);
  ASSERT_TRUE(library) << problem;
  EXPECT_EQ(problem, "");
  auto* const root = library->function<double(double)>("sqrt");
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(root(16), 4);
  EXPECT_EQ(library->function<void()>("no_such_function"), nullptr);
}

TEST(SharedLibrary, SaysWhyThereIsNone) {
  std::string problem;
  EXPECT_FALSE(SharedLibrary::load("libno_such_library.so", problem));
  EXPECT_NE(problem.find("libno_such_library.so"), std::string::npos) << problem;
  EXPECT_FALSE(SharedLibrary::load(__FILE__, problem)) << "a text is no library";
}

}  // namespace
}  // namespace mien::system
