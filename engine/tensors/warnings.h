#pragma once

#include <c10/util/Exception.h>

#include <string>
#include <vector>

namespace nanscope {

/// Takes what LibTorch warns of on this thread, as long as it lives, instead of standard error;
/// also what LibTorch would say only once.
class GatheredWarnings final : c10::WarningHandler {
 public:
  GatheredWarnings();
  ~GatheredWarnings() override;
  GatheredWarnings(const GatheredWarnings&) = delete;
  GatheredWarnings& operator=(const GatheredWarnings&) = delete;

  /// Each once.
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  void process(const c10::Warning& warning) override;

  c10::WarningHandler* before_;
  bool always_before_;
  std::vector<std::string> texts_;
};

}  // namespace nanscope
