#pragma once

#include <span>
#include <string_view>

#include "engine/data/table_reading.h"
#include "ui/labs/experiment_controls.h"

// The sections of controls that labs of networks share.
namespace nanscope {

/// Depth, width, activation, norm, residual, bias; the batch if it is the lab's to say here.
void model_section(bool batch, ControlScope& scope);
/// Scheme, gain, cut, biases.
void init_section(ControlScope& scope);
/// The gain, on a line of its own or on one with its label.
void gain_control(bool wide, ControlScope& scope);
void precision_section(ControlScope& scope);
/// The kinds of input; "file" first asks for one. `read`: as what the file was read, where that is
/// known.
void data_section(std::span<const std::string_view> kinds, const TableReading* read,
                  ControlScope& scope);
/// The seed, and how many networks are drawn from it where the lab has several.
void seed_section(bool networks, ControlScope& scope);

/// While it lives, rows close up where the panel is too low for `lines` lines of text.
class RowGap {
 public:
  explicit RowGap(float lines);
  ~RowGap();
  RowGap(const RowGap&) = delete;
  RowGap& operator=(const RowGap&) = delete;
};

}  // namespace nanscope
