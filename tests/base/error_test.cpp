#include "mien/base/error.hpp"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace mien::base {
namespace {

std::string translated(const std::exception_ptr& thrown) {
  try {
    translate_errors("The model x cannot be loaded", [&] { std::rethrow_exception(thrown); });
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Errors, OfLibrariesBecomeOneSentence) {
  const auto library = std::make_exception_ptr(
      cv::Exception(cv::Error::StsError, "bad shape:\n'a' is 3", "f", "some/file.cpp", 7));
  EXPECT_EQ(translated(library), "The model x cannot be loaded: bad shape.");
  EXPECT_EQ(translated(std::make_exception_ptr(std::runtime_error("it is old."))),
            "The model x cannot be loaded: it is old.");
}

TEST(Errors, OfOursPassUnchanged) {
  EXPECT_EQ(translated(std::make_exception_ptr(Error("Plug it in."))), "Plug it in.");
}

TEST(Errors, AreDescribedWhateverWasThrown) {
  const auto described = [](auto thrown) {
    try {
      throw thrown;
    } catch (...) {
      return describe_current_exception();
    }
  };
  EXPECT_EQ(described(Error("Plug it in.")), "Plug it in.");
  EXPECT_EQ(described(std::runtime_error("odd")), "Something inside failed: odd.");
  EXPECT_EQ(described(7), "Something inside failed for an unknown reason.");
}

TEST(Errors, PassValuesThrough) {
  EXPECT_EQ(translate_errors("x", [] { return 5; }), 5);
}

}  // namespace
}  // namespace mien::base
