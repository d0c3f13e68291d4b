#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/strict_json.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "engine/recipe/live_change.h"

// For engine/*.cpp only, as strict_json.h: how a run's recipe stands in run files and checkpoints.
namespace nanscope {

/// {"schema":"nanscope.run/1","experiment":{...},"changes":[...],"data":{"bytes":,"fnv1a":""},
/// "until":12}
Json recipe_json(const Recipe& recipe);

/// Error::where stays empty or names the change. Errors: another schema, also of a newer NaNscope;
/// an experiment, a change or data that are not as they are written. Whether the run has the steps
/// of its changes is check_changes()'.
Result<Recipe> recipe_from(std::string_view text);

Json change_json(const LiveChange& change);
/// Errors: a part that is missing or of another kind.
Result<LiveChange> change_from(const Json& change);

/// What a step's line says of them: see step_to_json(). Its step and loss scale stand elsewhere in
/// the line.
Json gradients_json(const GradientMagnitudes& gradients);
/// Appends what it dumps.
void append_json(std::string& text, const GradientMagnitudes& gradients);
/// Nothing where they are of no format or are no counts. Throws Json::exception where a part is
/// missing or of another type.
std::optional<GradientMagnitudes> gradients_in(const Json& json);

/// Puts it behind those of its step and of the steps before; one that is there stays alone.
void add_change(const LiveChange& change, std::vector<LiveChange>& changes);

}  // namespace nanscope
