#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// What the experiment on the screen came from.
struct Document {
  std::string name;     ///< "Small weights vanish", "mine.json"
  std::string path;     ///< of its file, or ""
  std::string demo;     ///< its demo's name, or ""
  std::string summary;  ///< the demo's, or ""
  Experiment baseline;  ///< what the controls' reset goes back to
};

/// An experiment as it is edited, and what it came from.
struct Sheet {
  Experiment experiment;
  Document document;
};

/// What every lab shows. All labs share one sheet until something of one lab's own is opened, which
/// gets a sheet of its own and leaves the others theirs. A plain value.
class Sheets {
 public:
  /// A sheet that is not on the screen, and the labs that share it.
  struct Kept {
    std::vector<LabName> labs;
    Sheet sheet;
  };

  explicit Sheets(Sheet first) : open_(std::move(first)) {}

  /// The one on the screen; its experiment names the lab that shows it.
  const Sheet& open() const { return open_; }
  Sheet& open() { return open_; }
  const std::vector<Kept>& kept() const { return kept_; }
  /// Whether the lab has another sheet than the one on the screen.
  bool is_elsewhere(LabName lab) const;
  /// The lab's sheet, as the lab shows it.
  Sheet of(LabName lab) const;

  /// The lab's sheet comes on the screen.
  void show(LabName lab);
  /// The lab of its experiment gets this sheet for itself, and it comes on the screen.
  void open(Sheet next);
  /// Keeps a sheet for labs, which are not the open one.
  void keep(Kept sheet);

 private:
  /// The labs with the sheet that is on the screen.
  std::vector<LabName> labs_of_open() const;
  void forget(LabName lab);

  Sheet open_;
  std::vector<Kept> kept_;  ///< a lab that is in none of them shares the open one
};

}  // namespace nanscope
