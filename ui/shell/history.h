#pragma once

#include <optional>
#include <vector>

#include "engine/experiment/experiment.h"
#include "ui/shell/sheets.h"

namespace nanscope {

/// The experiment being edited and those that other labs keep, with their past and their future. A
/// plain value. What is looked at (Experiment::view) and which lab is shown are no steps of their
/// own. Undo leaves the view as it is, but where a step changed it as well, as the opening of a
/// file does. Undo and redo show the lab in which the step was made: nothing changes unseen.
class History {
 public:
  explicit History(const Experiment& first) : History(Sheets({first, {}})) {}
  explicit History(Sheets first) : sheets_(std::move(first)) {}

  const Experiment& current() const { return sheets_.open().experiment; }
  const Document& document() const { return sheets_.open().document; }
  const Sheets& sheets() const { return sheets_; }

  /// Makes `next` the current experiment; false if it is the current one already. Edits that share
  /// a `gesture` (the id of the control being dragged or typed into; 0 for none) are one step.
  bool edit(const Experiment& next, unsigned gesture = 0);
  bool in_gesture() const { return gesture_ != 0; }
  /// One step: the lab of the experiment has this sheet from now on, and is shown.
  void open(Sheet next);
  /// Replaces the current experiment without a step of its own: what is looked at has changed, not
  /// what is looked at with it.
  void amend(const Experiment& next) { sheets_.open().experiment = next; }
  /// The current experiment has another name: no step either.
  void rename(Document next) { sheets_.open().document = std::move(next); }
  /// Shows a lab with its sheet: no step either.
  void show(LabName lab) { sheets_.show(lab); }
  /// The control was let go: the next edit begins a new step.
  void end_gesture();

  bool can_undo() const { return !past_.empty(); }
  bool can_redo() const { return !future_.empty(); }
  bool undo();
  bool redo();

 private:
  struct Step {
    Experiment experiment;
    LabName leads_to;                   ///< the lab that showed what the step made
    bool with_view = false;             ///< the step changed the view as well
    std::optional<Sheets> sheets = {};  ///< of a step that changed more than one experiment
  };
  /// Makes the last of `from` current, and puts what was current into `to`.
  void step(std::vector<Step>& from, std::vector<Step>& to);
  void push_sheets(LabName leads_to);

  Sheets sheets_;
  std::vector<Step> past_;
  std::vector<Step> future_;
  unsigned gesture_ = 0;
};

}  // namespace nanscope
