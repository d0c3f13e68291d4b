#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"

// The group of an experiment that says what of it is on the screen: a picture shows the same again.
namespace nanscope {

struct Key;

/// The tensors of a layer that are measured, in the order in which a pass makes them.
enum class SignalTensor { weight, preactivation, activation, activation_grad, weight_grad };

/// What the curves of a run are drawn over.
enum class RunAxis { step, epoch, samples, seconds, flops };

/// What is followed of each layer of a run.
enum class LayerQuantity {
  activation,  ///< variance of its activations, of the head of its scores
  gradient,    ///< variance of dL/d(activations)
  weight,      ///< variance of its weights
  update       ///< |what the optimizer added to its weights| / |its weights|, Euclidean norms
};

/// A part of an axis, in its units: powers of ten where the axis has those.
struct ViewRange {
  double low = 0, high = 1;
  bool operator==(const ViewRange&) const = default;
};

/// The part of a plot that is looked at. An axis without a range shows what the plot itself
/// decides.
struct ViewZoom {
  std::string plot;  ///< its name on the command line: "forward_variance"
  std::optional<ViewRange> x = {}, y = {};
  bool operator==(const ViewZoom&) const = default;
};

/// A pinned reading of a plot, by its place in the units of the axes. A plot has two at most, in
/// the order in which they are numbered.
struct ViewPin {
  std::string plot;
  double x = 0, y = 0;
  bool operator==(const ViewPin&) const = default;
};
inline constexpr std::size_t kMostPins = 2;  ///< of a plot

/// No chain has more steps, by the length of its text.
inline constexpr int kLastStep = 20000;

/// An element of a step's tensor in the Tensors lab.
struct ViewElement {
  int step = 1;                          ///< as the cards count: from 1
  std::vector<std::int64_t> index = {};  ///< one a dimension
  bool operator==(const ViewElement&) const = default;
};

struct ViewSpec {
  std::string plot = "";  ///< the plot that is shown alone, or "": all of a lab's
  SignalTensor histogram = SignalTensor::activation;
  /// The chosen one, by its number on the axis: 0 is an input layer.
  std::optional<int> layer = {};
  std::vector<ViewZoom> zoom = {};  ///< of the plots that are zoomed, one each
  /// Axes that are locked: they show this, and grow only where the curves leave it. None: not
  /// locked.
  std::vector<ViewZoom> lock = {};
  std::vector<ViewPin> pins = {};           ///< readings that stay, of any plots
  std::string row = {};                     ///< of a number's bits: its format, or "": the first
  std::optional<int> step = {};             ///< of a chain: the chosen one, from 1
  std::optional<ViewElement> element = {};  ///< of a chain: whose address is shown
  std::vector<ViewElement> windows = {};    ///< first element in sight of what is not shown whole
  RunAxis x = RunAxis::step;                ///< of a run's plots
  LayerQuantity map = LayerQuantity::activation;  ///< of a run: which its layers' map shows
  /// Of a run's curves: the share of the mean before a step that stays in it, 0..0.99. 0: as
  /// measured.
  double smoothing = 0;
  bool log = true;               ///< a run's losses and norms: in powers of ten, or linear
  std::optional<int> look = {};  ///< of a run: the step whose layers are shown, from 0
  int network = 1;               ///< of several: whose layers and gradients are shown, from 1
  bool operator==(const ViewSpec&) const = default;
};

/// "view.plot", "view.histogram", ...
std::vector<Key> view_keys();

/// The zoom of a plot, or null while it shows everything.
const ViewZoom* find_zoom(const ViewSpec& view, std::string_view plot);
/// Puts a zoom in the place of the plot's former one; one without ranges shows the whole plot.
void set_zoom(ViewSpec& view, ViewZoom zoom);
/// Takes away what a view holds of a plot's axes: its zoom, its lock, its pins.
void forget_plot(ViewSpec& view, std::string_view plot);
/// "forward_variance x 0 20 y -3 5; ..." as view.zoom spells it: a plot, the ends of its axes.
Result<std::vector<ViewZoom>> parse_zooms(std::string_view text);
std::string zooms_text(const std::vector<ViewZoom>& zooms);
/// "forward_variance x 12 y -3.5; ..." as view.pins spells it: a plot, a place on its axes.
Result<std::vector<ViewPin>> parse_pins(std::string_view text);
std::string view_pins_text(const std::vector<ViewPin>& pins);
/// Why no plot can be called this; what plots there are is checked where they are known.
Result<void> check_plot_name(const std::string& text);
/// "2[1, 0]; 3[0]" as view.element and view.windows spell them: a step and an index into its
/// tensor.
Result<std::vector<ViewElement>> parse_elements(std::string_view text);
std::string elements_text(const std::vector<ViewElement>& elements);

template <>
struct Names<SignalTensor> {
  static constexpr std::array<std::pair<SignalTensor, std::string_view>, 5> all{
      {{SignalTensor::weight, "weight"},
       {SignalTensor::preactivation, "preactivation"},
       {SignalTensor::activation, "activation"},
       {SignalTensor::activation_grad, "activation_grad"},
       {SignalTensor::weight_grad, "weight_grad"}}};
};

template <>
struct Names<RunAxis> {
  static constexpr std::array<std::pair<RunAxis, std::string_view>, 5> all{
      {{RunAxis::step, "step"},
       {RunAxis::epoch, "epoch"},
       {RunAxis::samples, "samples"},
       {RunAxis::seconds, "seconds"},
       {RunAxis::flops, "flops"}}};
};
template <>
struct Names<LayerQuantity> {
  static constexpr std::array<std::pair<LayerQuantity, std::string_view>, 4> all{
      {{LayerQuantity::activation, "activation"},
       {LayerQuantity::gradient, "gradient"},
       {LayerQuantity::weight, "weight"},
       {LayerQuantity::update, "update"}}};
};

}  // namespace nanscope
