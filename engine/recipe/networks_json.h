#pragma once

#include <vector>

#include "engine/base/strict_json.h"
#include "engine/recipe/run_record.h"

// What the lines of a run say of several networks, under "networks".
namespace nanscope {

/// Adds "networks" to the line of a step, or to a line that tells what is held out: for loss,
/// grad_norm, loss_scale, held_out_loss and accuracy the ends of the band as "low" and "high" and,
/// unless they were let go, the numbers by seed as "each"; "skipped" by seed. Nothing of one
/// network.
void add_networks(Json& line, const RunStep& step);
void add_networks(Json& line, const HeldOut& held_out);
/// What such a line says.
void take_networks(const Json& line, RunStep& step);
void take_networks(const Json& line, HeldOut& held_out);

/// {"step":16,"what":"state","value":"nan","role":"optimizer_state","tensor":"v1"}: of a run, and
/// of one of its networks; a role and a tensor of a state alone. Without remedies.
Json first_nonfinite_json(const FirstNonfiniteStep& first);
/// Throws Json::exception.
FirstNonfiniteStep first_nonfinite_in(const Json& json);

/// Adds what has become of each network to a summary's "networks": "seeds", "first_nonfinite" (null
/// of those that are finite), and, where the loss is scaled, "skipped" and "loss_scales".
void add_fates(Json& line, const std::vector<NetworkFate>& networks, std::uint64_t seed);
std::vector<NetworkFate> fates_in(const Json& line);

}  // namespace nanscope
