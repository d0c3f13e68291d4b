#pragma once

#include <string>
#include <string_view>

#include "ui/labs/costs/picture.h"

namespace nanscope {

/// "measured: median of 24 steps, 2 threads".
std::string measured_note(const MeasuredCosts& costs);
/// "held-out rows": what the allocator holds beside the plan's buffers.
std::string residual_words(std::string_view name);
/// 0.000101 as "0.0101 %": MFU and HFU, wherever they stand.
std::string share_words(double share);
/// That the operations took more than a step, where they did; else empty.
std::string looks_words(const MeasuredCosts& costs);
/// How the numbers that a view shows came about: in the window's last line, and below a picture.
std::string status_words(const CostsPicture& picture);
std::string foot_words(const CostsPicture& picture);
/// "2 threads".
std::string threads_words(int threads);
/// "2026-11-28 23:10, 2 threads": when this machine was calibrated.
std::string calibrated_words(const Calibration& calibration);

// Sentences; what is added to another one begins with a blank, or is empty.
std::string measured_memory_words(const CostsPicture& picture);
std::string measured_flops_words(const CostsPicture& picture);
std::string roofline_sentence(const CostsPicture& picture);
std::string calibration_sentence(const CostsPicture& picture);
/// Of the window alone: that nothing is measured yet, and what measures.
std::string measuring_hint(const CostsPicture& picture);

}  // namespace nanscope
