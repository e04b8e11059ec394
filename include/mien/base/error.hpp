#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace mien::base {

/// What goes wrong, said to a user: one sentence that names the thing and what to do about it.
///
/// Thrown by constructors and factories. Every thread and `main` catch it at their outermost
/// level and turn it into a notice on screen or a line on stderr. End of stream and "no face"
/// are values, not errors. The functions here are for any thread.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The short reason inside a library's exception: its first line, cv::Exception's without file
/// and line.
std::string short_reason(const std::exception& error);

/// The user's sentence for the exception in flight; for the outermost catch of a thread.
std::string describe_current_exception();

/// Runs `body`. What libraries throw (cv::Exception and other std::exceptions) becomes an Error
/// that starts with `what`, e.g. "The model x cannot be loaded". Errors pass unchanged.
template <typename Body>
auto translate_errors(const std::string& what, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(what + ": " + short_reason(error) + ".");
  }
}

}  // namespace mien::base
