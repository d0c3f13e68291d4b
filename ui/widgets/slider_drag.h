#pragma once

#include "ui/widgets/controls.h"

// What a slider's gestures do to its value: numbers, without a window.
namespace nanscope {

/// Where a value stands on the track, 0..1.
double track_share(double value, const SliderSpec& spec);

/// How far a drag takes the grab for each pixel of the pointer: 1 when it is quick, less when it is
/// slow. `pixels` moved in `seconds`, in pixels of a display of scale 1.
double pace_of_drag(double pixels, double seconds);

/// A drag: the grab's place on the track, and how far from its middle the pointer took hold of it.
struct SliderDrag {
  double share = 0;
  double hold = 0;
};

/// One frame of it, in shares of the track.
struct DragStep {
  double pointer = 0;  ///< where the pointer is
  double moved = 0;    ///< by how much it has moved
  double pixel = 0;    ///< one pixel of the screen
  double pace = 1;     ///< of the grab, for each step of the pointer
  bool snaps = true;   ///< to the landmark
};

/// Moves the grab. A quick movement brings it back under a pointer that it has fallen behind, so
/// that the ends of the track are reached wherever a slow one has left it.
SliderDrag dragged(SliderDrag drag, const DragStep& step);

/// The landmark's value if the grab is within two pixels of it (fewer in a slow drag); else the
/// one at its place, to the digits that such a drag tells apart, three at least.
double dragged_value(const SliderDrag& drag, const DragStep& step, const SliderSpec& spec);

}  // namespace nanscope
