#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace mien {

/// A protobuf message that is read by the names of its fields. The formats are those that
/// OpenCV itself was built with (they lie in its library), so that what is checked is what it
/// will read.
///
/// A view: lives as long as the OwnedMessage that it comes from. One thread.
class Message {
 public:
  explicit Message(const google::protobuf::Message& message) : message_(&message) {}

  bool has(const char* field) const;
  int count(const char* field) const;
  std::string text(const char* field, int index = 0) const;
  /// Whole numbers and enums.
  std::int64_t whole(const char* field, int index = 0) const;
  bool flag(const char* field) const;
  /// An enum's word, e.g. "CONVOLUTION".
  std::string word(const char* field) const;
  /// An enum's word or a string: Caffe's layer types are one or the other.
  std::string word_or_text(const char* field) const;
  Message child(const char* field, int index = 0) const;
  /// Bytes of a string field, without a copy.
  std::size_t size_of_text(const char* field) const;

  const google::protobuf::Message& get() const { return *message_; }

 private:
  const google::protobuf::FieldDescriptor& descriptor(const char* field) const;
  const google::protobuf::Message* message_;
};

class OwnedMessage {
 public:
  /// Reads `bytes` as a message of `type`, e.g. "opencv_caffe.NetParameter". Throws Error with
  /// `what` (a file and its kind) in it.
  static OwnedMessage from_binary(const char* type, std::string_view bytes,
                                  const std::string& what);
  static OwnedMessage from_text(const char* type, std::string_view text,
                                const std::string& what);
  ~OwnedMessage();
  OwnedMessage(OwnedMessage&&) noexcept;

  Message view() const { return Message(*message_); }

 private:
  explicit OwnedMessage(std::unique_ptr<google::protobuf::Message> message);
  std::unique_ptr<google::protobuf::Message> message_;
};

/// What is wrong with the numbers in `message` and all below it: floats that are not finite,
/// whole numbers beyond +-65536, and sizes, strides and groups below 1. Empty when nothing is.
/// Fields named `skip` are not entered.
std::string find_bad_number(const Message& message, std::initializer_list<const char*> skip);

}  // namespace mien
