#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "engine/job/job.h"

namespace nanscope {

/// A plain value that asks for something: it can be compared, names the type of its answer
/// (`Answer`) and the slot that answers go to by default (`kSlot`).
template <class T>
concept Request = requires {
  typename T::Answer;
  { T::kSlot } -> std::convertible_to<std::string_view>;
}
&&std::equality_comparable<T>;

/// A request whose job needs no LibTorch, and which makes it: `std::unique_ptr<Job> make_job()
/// const`. The jobs of other requests are the engine's.
template <class T>
concept MakesItsJob = requires(const T& request) {
  { request.make_job() } -> std::same_as<std::unique_ptr<Job>>;
};

/// A request of any type, and the slot that its answer goes to. Equal requests are the same work.
/// Never changes; cheap to copy.
class JobRequest {
 public:
  template <Request T>
  JobRequest(T request, std::string_view slot = T::kSlot)
      : slot_(slot), content_(std::make_shared<const Content<T>>(std::move(request))) {}

  const std::string& slot() const { return slot_; }
  /// The request; null if it is of another type.
  template <class T>
  const T* as() const {
    if (content_->type() != typeid(T)) return nullptr;
    return &static_cast<const Content<T>&>(*content_).value;
  }
  bool needs_engine() const { return content_->needs_engine(); }
  /// The job of a request that needs no engine.
  std::unique_ptr<Job> make_job() const { return content_->make_job(); }

  bool operator==(const JobRequest& other) const {
    return slot_ == other.slot_ &&
           (content_ == other.content_ || content_->equals(*other.content_));
  }

 private:
  struct AnyContent {
    virtual ~AnyContent() = default;
    virtual const std::type_info& type() const = 0;
    virtual bool equals(const AnyContent& other) const = 0;
    virtual bool needs_engine() const = 0;
    virtual std::unique_ptr<Job> make_job() const = 0;
  };
  template <class T>
  struct Content final : AnyContent {
    explicit Content(T request) : value(std::move(request)) {}
    const std::type_info& type() const override { return typeid(T); }
    bool equals(const AnyContent& other) const override {
      return other.type() == typeid(T) && static_cast<const Content&>(other).value == value;
    }
    bool needs_engine() const override { return !MakesItsJob<T>; }
    std::unique_ptr<Job> make_job() const override {
      if constexpr (MakesItsJob<T>)
        return value.make_job();
      else
        return nullptr;
    }
    T value;
  };

  std::string slot_;
  std::shared_ptr<const AnyContent> content_;
};

}  // namespace nanscope
