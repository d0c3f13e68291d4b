#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace nanscope {

/// What a job came to: a plain value of the job's own type, which never changes and belongs to all
/// who look at it. May be empty.
class JobResult {
 public:
  JobResult() = default;
  template <class T>
  explicit JobResult(std::shared_ptr<const T> value)
      : value_(std::move(value)), type_(&typeid(T)) {}
  template <class T>
  static JobResult of(T value) {
    return JobResult(std::make_shared<const T>(std::move(value)));
  }

  explicit operator bool() const { return value_ != nullptr; }
  /// The value; null if there is none or if it is of another type.
  template <class T>
  std::shared_ptr<const T> as() const {
    if (!value_ || *type_ != typeid(T)) return nullptr;
    return std::static_pointer_cast<const T>(value_);
  }
  /// Whether both are the same value, not equal ones.
  bool operator==(const JobResult& other) const { return value_ == other.value_; }

 private:
  std::shared_ptr<const void> value_;
  const std::type_info* type_ = nullptr;  ///< where there is a value
};

/// The latest result of each slot. Cheap to copy.
class JobResults {
 public:
  /// The answer in a slot of such requests; null without one.
  template <class Request>
  std::shared_ptr<const typename Request::Answer> latest(
      std::string_view slot = Request::kSlot) const {
    for (const auto& [name, result] : results_)
      if (name == slot) return result.template as<typename Request::Answer>();
    return nullptr;
  }
  void set(std::string_view slot, JobResult result) {
    for (auto& [name, kept] : results_)
      if (name == slot) return void(kept = std::move(result));
    results_.emplace_back(slot, std::move(result));
  }

 private:
  std::vector<std::pair<std::string, JobResult>> results_;
};

}  // namespace nanscope
