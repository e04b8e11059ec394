#include "mien/base/error.hpp"

#include <opencv2/core.hpp>

#include "mien/base/redaction.hpp"

namespace mien::base {

std::string short_reason(const std::exception& error) {
  std::string text = error.what();
  if (const auto* cv_error = dynamic_cast<const cv::Exception*>(&error)) {
    text = cv_error->err;
  }
  // OpenCV's messages run over several lines; the first one says it.
  if (const auto end = text.find('\n'); end != std::string::npos) text.resize(end);
  // CV_Check ends in ", where" before its list of values, CV_Error names its own function.
  for (const char* tail : {" in function '", ", where"}) {
    if (const auto end = text.rfind(tail); end != std::string::npos && end > 0)
      text.resize(end);
  }
  if (text.starts_with("> ")) text.erase(0, 2);  // OpenCV's mark for messages of several lines
  while (!text.empty() && (text.back() == '.' || text.back() == ' ' || text.back() == ':')) {
    text.pop_back();
  }
  return text.empty() ? "unknown reason" : text;
}

std::string describe_current_exception() {
  try {
    throw;
  } catch (const Error& error) {
    return redact_addresses(error.what());
  } catch (const std::exception& error) {
    return "Something inside failed: " + redact_addresses(short_reason(error)) + ".";
  } catch (...) {
    return "Something inside failed for an unknown reason.";
  }
}

}  // namespace mien::base
