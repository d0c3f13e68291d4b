#pragma once

#include <string>

#include "ui/export/figure.h"
#include "ui/labs/costs/picture.h"
#include "ui/labs/experiment_controls.h"

// The view of moving data: from a file to where it is computed with.
namespace nanscope {

void add_moving_data_plots(Figure& figure, const std::shared_ptr<const MovingData>& data);
std::string moving_data_sentence(const MovingData& data);
std::string describe_moving_data(const MovingData& data);
std::string moving_data_to_csv(const MovingData& data);
void moving_data_sections(ControlScope& scope);
void moving_data_inspector(const MovingData& data, const LabView& view, LabRequests& requests);

}  // namespace nanscope
