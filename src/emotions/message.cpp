#include "message.hpp"

#include <algorithm>
#include <cmath>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include "mien/base/error.hpp"

namespace mien {
namespace {

namespace pb = google::protobuf;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // protobuf counts in int
constexpr std::int64_t kLargest = 1 << 16;

std::unique_ptr<pb::Message> make(const char* type, const std::string& what) {
  const auto* descriptor = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  const auto* prototype =
      descriptor == nullptr ? nullptr
                            : pb::MessageFactory::generated_factory()->GetPrototype(descriptor);
  if (prototype == nullptr) {
    throw Error("The model file " + what +
                " cannot be checked, because this OpenCV keeps its formats to itself; convert "
                "the model to ONNX.");
  }
  return std::unique_ptr<pb::Message>(prototype->New());
}

/// Keeps the first thing that was wrong, and protobuf from printing it.
class FirstProblem : public pb::io::ErrorCollector {
 public:
  void AddError(int line, int, const std::string& message) override {
    if (text_.empty()) text_ = "line " + std::to_string(line + 1) + ": " + message;
  }
  void AddWarning(int, int, const std::string&) override {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

bool one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* each) { return name == each; });
}

std::string check_whole(const std::string& name, std::int64_t value) {
  const bool size = one_of(name, {"kernel_size", "kernel_h", "kernel_w", "stride", "stride_h",
                                  "stride_w", "dilation", "group", "num_output", "local_size"});
  const bool pad = one_of(name, {"pad", "pad_h", "pad_w"});
  const bool axis = one_of(name, {"axis", "end_axis", "concat_dim"});
  if (axis && (value < -8 || value > 8)) return "\"" + name + "\" is " + std::to_string(value);
  if (value > kLargest || value < (size ? 1 : pad ? 0 : -kLargest)) {
    return "\"" + name + "\" is " + std::to_string(value) + ", which makes no sense";
  }
  return "";
}

std::string check_field(const pb::Message& message, const pb::FieldDescriptor& field,
                        int index) {
  using Field = pb::FieldDescriptor;
  const auto& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  const auto number = [&](double value) {
    return std::isfinite(value) ? std::string()
                                : "\"" + field.name() + "\" is not a finite number";
  };
  switch (field.cpp_type()) {
    case Field::CPPTYPE_FLOAT:
      return number(many ? reflection.GetRepeatedFloat(message, &field, index)
                         : reflection.GetFloat(message, &field));
    case Field::CPPTYPE_DOUBLE:
      return number(many ? reflection.GetRepeatedDouble(message, &field, index)
                         : reflection.GetDouble(message, &field));
    case Field::CPPTYPE_INT32:
    case Field::CPPTYPE_INT64:
    case Field::CPPTYPE_UINT32:
    case Field::CPPTYPE_UINT64:
      return check_whole(field.name(), Message(message).whole(field.name().c_str(), index));
    default:
      return "";
  }
}

}  // namespace

const pb::FieldDescriptor& Message::descriptor(const char* field) const {
  const auto* found = message_->GetDescriptor()->FindFieldByName(field);
  if (found == nullptr) {
    throw Error("OpenCV's format " + message_->GetDescriptor()->full_name() + " has no field " +
                field + "; this program was made for OpenCV 4.6.");
  }
  return *found;
}

bool Message::has(const char* field) const {
  const auto& found = descriptor(field);
  return found.is_repeated() ? count(field) > 0
                             : message_->GetReflection()->HasField(*message_, &found);
}

int Message::count(const char* field) const {
  return message_->GetReflection()->FieldSize(*message_, &descriptor(field));
}

std::string Message::text(const char* field, int index) const {
  const auto& found = descriptor(field);
  const auto& reflection = *message_->GetReflection();
  return found.is_repeated() ? reflection.GetRepeatedString(*message_, &found, index)
                             : reflection.GetString(*message_, &found);
}

std::size_t Message::size_of_text(const char* field) const {
  std::string scratch;
  return message_->GetReflection()
      ->GetStringReference(*message_, &descriptor(field), &scratch)
      .size();
}

std::int64_t Message::whole(const char* field, int index) const {
  using Field = pb::FieldDescriptor;
  const auto& found = descriptor(field);
  const auto& reflection = *message_->GetReflection();
  const bool many = found.is_repeated();
  const auto* m = message_;
  switch (found.cpp_type()) {
    case Field::CPPTYPE_INT32:
      return many ? reflection.GetRepeatedInt32(*m, &found, index)
                  : reflection.GetInt32(*m, &found);
    case Field::CPPTYPE_INT64:
      return many ? reflection.GetRepeatedInt64(*m, &found, index)
                  : reflection.GetInt64(*m, &found);
    case Field::CPPTYPE_UINT32:
      return many ? reflection.GetRepeatedUInt32(*m, &found, index)
                  : reflection.GetUInt32(*m, &found);
    case Field::CPPTYPE_UINT64: {
      const std::uint64_t value = many ? reflection.GetRepeatedUInt64(*m, &found, index)
                                       : reflection.GetUInt64(*m, &found);
      return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
    }
    case Field::CPPTYPE_ENUM:
      return reflection.GetEnumValue(*m, &found);
    default:
      throw Error("OpenCV's format has another type for " + std::string(field) + ".");
  }
}

bool Message::flag(const char* field) const {
  return message_->GetReflection()->GetBool(*message_, &descriptor(field));
}

std::string Message::word(const char* field) const {
  return message_->GetReflection()->GetEnum(*message_, &descriptor(field))->name();
}

std::string Message::word_or_text(const char* field) const {
  return descriptor(field).cpp_type() == pb::FieldDescriptor::CPPTYPE_ENUM ? word(field)
                                                                           : text(field);
}

Message Message::child(const char* field, int index) const {
  const auto& found = descriptor(field);
  const auto& reflection = *message_->GetReflection();
  return Message(found.is_repeated() ? reflection.GetRepeatedMessage(*message_, &found, index)
                                     : reflection.GetMessage(*message_, &found));
}

OwnedMessage::OwnedMessage(std::unique_ptr<pb::Message> message)
    : message_(std::move(message)) {}
OwnedMessage::~OwnedMessage() = default;
OwnedMessage::OwnedMessage(OwnedMessage&&) noexcept = default;

OwnedMessage OwnedMessage::from_binary(const char* type, std::string_view bytes,
                                       const std::string& what) {
  auto message = make(type, what);
  // Protobuf also stops at nesting that would exhaust the stack.
  if (bytes.empty() || bytes.size() > kMaxBytes ||
      !message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw Error("The model file " + what +
                " is damaged or of another format; fetch it again or correct the card.");
  }
  return OwnedMessage(std::move(message));
}

OwnedMessage OwnedMessage::from_text(const char* type, std::string_view text,
                                     const std::string& what) {
  auto message = make(type, what);
  FirstProblem problem;
  pb::TextFormat::Parser parser;
  parser.RecordErrorsTo(&problem);
  parser.SetRecursionLimit(kMaxDepth);
  if (text.empty() || text.size() > kMaxBytes ||
      !parser.ParseFromString(std::string(text), message.get())) {
    throw Error("The model file " + what + " cannot be read" +
                (problem.text().empty() ? "" : " (" + problem.text() + ")") +
                "; fetch it again or correct the card.");
  }
  return OwnedMessage(std::move(message));
}

std::string find_bad_number(const Message& message, std::initializer_list<const char*> skip) {
  const pb::Message& top = message.get();
  std::vector<const pb::FieldDescriptor*> fields;
  top.GetReflection()->ListFields(top, &fields);
  for (const auto* field : fields) {
    if (one_of(field->name(), skip)) continue;
    const int count = field->is_repeated() ? top.GetReflection()->FieldSize(top, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string bad =
          field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE
              ? find_bad_number(message.child(field->name().c_str(), i), skip)
              : check_field(top, *field, i);
      if (!bad.empty()) return bad;
    }
  }
  return "";
}

}  // namespace mien
