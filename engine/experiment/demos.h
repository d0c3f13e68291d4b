#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

inline constexpr std::string_view kDemoSchema = "nanscope.demo/1";

/// An experiment with a name and a story, from assets/demos/NAME.json.
struct Demo {
  std::string name;     ///< "explode": what the command line takes
  std::string title;    ///< "Naive N(0,1) weights explode"
  std::string summary;  ///< one or two sentences: what to look at, what to try
  Experiment experiment;
};

/// All demos in the order of assets/demos/order.json; errors if a file there is broken.
Result<std::vector<Demo>> load_demos();
/// The same from another folder.
Result<std::vector<Demo>> load_demos(const std::string& folder);

/// The folder with NaNscope's own files: $NANSCOPE_ASSETS, or assets/ beside the program, or the
/// source tree's.
std::string assets_folder();

}  // namespace nanscope
