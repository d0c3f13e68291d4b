#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

// What the shell asks of the session, what of it waits for the person's word, and what people are
// told about a picture that is not the experiment's.
namespace nanscope {
namespace {

/// Seconds until a picture that is being computed anew is dimmed, and until it is dimmed fully:
/// what is quicker does not flicker.
constexpr double kDimsAfter = 0.1, kDimmedAfter = 0.4;
constexpr float kFullDimming = 0.65f;
/// Work of more seconds is not begun by itself at the next start.
constexpr double kHeavy = 5;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Seconds for which a slot has owed an answer; 0 if it owes none.
double seconds_owed(const SlotView& slot) {
  return slot.at_work() ? seconds_since(slot.owing_since) : 0;
}

}  // namespace

void ShellState::find_jobs() { jobs = open_lab().jobs(history.current()); }

void ShellState::find_new_requests() {
  find_jobs();
  new_requests.clear();
  for (const JobRequest& job : jobs)
    if (run_again || view.slot(job.slot()).wanted != job) new_requests.push_back(job);
  run_again = false;
  hold = new_requests.empty() ? asked_by_jobs() : reason_to_ask();
  if (hold) new_requests.clear();
}

/// What a job that has begun found out: that it takes long.
std::optional<LastWork> ShellState::asked_by_jobs() const {
  for (const JobRequest& job : jobs)
    if (const SlotView& slot = view.slot(job.slot()); slot.wanted == job && slot.asks)
      return LastWork{WorkEnd::forecast, *slot.asks, {}};
  return std::nullopt;
}

std::optional<LastWork> ShellState::reason_to_ask() const {
  if (confirmed == jobs) return std::nullopt;
  if (is_left_work()) return left_work;
  const double seconds = open_lab().forecast_seconds(history.current(), view.results);
  if (seconds > kLongWork) return LastWork{WorkEnd::forecast, seconds, {}};
  return std::nullopt;
}

/// Whether the experiment is still that of the last session's heavy work, whatever is looked at.
bool ShellState::is_left_experiment() const {
  const auto is_current = [&](Experiment left) {
    left.lab = history.current().lab;
    left.view = history.current().view;
    return left == history.current();
  };
  return std::ranges::any_of(left_at_start, is_current);
}

/// Whether the open lab's work is that heavy work.
bool ShellState::is_left_work() const {
  const auto left = [&](const JobRequest& job) { return job.slot() == left_work.slot; };
  return is_left_experiment() && std::ranges::any_of(jobs, left);
}

void ShellState::submit_new_requests() {
  if (new_requests.empty()) return;
  dismissed.clear();
  for (JobRequest& request : new_requests) {
    asked_by[request.slot()] = open_lab().name();
    session.submit(std::move(request), confirmed == jobs);
  }
  new_requests.clear();
}

void ShellState::run_jobs() {
  confirmed = jobs;
  if (is_left_work()) left_at_start.clear();
  run_again = true;
}

bool ShellState::is_of_open_lab(std::string_view slot) const {
  const auto lab = asked_by.find(slot);
  return lab != asked_by.end() && lab->second == history.current().lab;
}

const SlotView* ShellState::slot_under_way() const {
  const SlotView* shown = nullptr;
  int best = 0;
  for (const SlotView& slot : view.slots) {
    if (!slot.at_work()) continue;
    const int rank = (slot.progress.empty() ? 0 : 2) + (is_of_open_lab(slot.name) ? 1 : 0);
    if (rank > best) {
      best = rank;
      shown = &slot;
    }
  }
  return shown;
}

void ShellState::cancel() {
  if (const SlotView* slot = slot_under_way()) session.cancel(slot->name);
}

/// Of the frame's jobs. An old request's error gives way to what is said of a newer one: that it is
/// worked on, asks before it begins, or was cancelled.
std::optional<Error> ShellState::job_error() const {
  if (hold) return {};
  for (const JobRequest& job : jobs)
    if (const SlotView& slot = view.slot(job.slot());
        slot.error && !slot.cancelled && seconds_owed(slot) <= kDimmedAfter)
      return slot.error;
  return {};
}

/// The longest for which one of the frame's jobs has owed an answer.
double ShellState::owed_seconds() const {
  double longest = 0;
  for (const JobRequest& job : jobs)
    longest = std::max(longest, seconds_owed(view.slot(job.slot())));
  return longest;
}

double ShellState::bytes_under_way() const {
  const bool runs = std::ranges::any_of(jobs, [&](const JobRequest& job) {
    const SlotView& slot = view.slot(job.slot());
    return slot.state == SlotState::running && slot.wanted == job &&
           seconds_owed(slot) > kDimmedAfter;
  });
  return runs ? open_lab().forecast_bytes(history.current()) : 0;
}

std::string ShellState::asking_words(const LastWork& work) const {
  const double bytes = open_lab().forecast_bytes(history.current());
  const auto words = [&](WorkEnd end, double seconds) {
    const std::string time = seconds_text(seconds);
    if (end == WorkEnd::forecast && bytes > 0)
      return format_text("work.ask_memory", fmt::arg("time", time),
                         fmt::arg("bytes", bytes_text(bytes)));
    return format_text(fmt::format("work.ask.{}", name_of(end)), fmt::arg("time", time));
  };
  std::string asked = words(work.end, work.seconds);
  const bool unended = work.end == WorkEnd::unfinished || work.end == WorkEnd::cancelled;
  const double seconds = unended ? open_lab().forecast_seconds(history.current(), view.results) : 0;
  if (seconds > 0) asked += " " + words(WorkEnd::forecast, seconds);
  return asked;
}

const char* ShellState::waiting_words() const {
  const bool opening = view.engine_state == EngineState::opening &&
                       std::ranges::any_of(jobs, &JobRequest::needs_engine);
  return text(opening ? "state.loading" : "work.computing");
}

/// What is said of jobs that are under way.
WorkNotice ShellState::progress_notice() const {
  WorkNotice progress{.can_cancel = true};
  progress.words = waiting_words();
  for (const JobRequest& job : jobs) {
    const SlotView& slot = view.slot(job.slot());
    // Of work that has begun the status bar says how far it is, whoever's turn it is: so does this.
    if (!slot.progress.empty()) {
      progress.words = format_text("work.progress", fmt::arg("what", message_text(slot.progress)));
      if (slot.progress_fraction > 0) progress.fraction = slot.progress_fraction;
    } else if (!slot.waits_for.empty() && !is_of_open_lab(slot.waits_for)) {
      progress.words =
          format_text("work.waits", fmt::arg("what", words_of_work(view.slot(slot.waits_for))));
    }
  }
  return progress;
}

std::string ShellState::words_of_work(const SlotView& slot) const {
  if (slot.progress.empty()) return lab_title(slot);
  return fmt::format("{}: {}", lab_title(slot), message_text(slot.progress));
}

bool ShellState::waits_for(const SlotView& slot) const {
  return std::ranges::any_of(
      jobs, [&](const JobRequest& job) { return view.slot(job.slot()).waits_for == slot.name; });
}

void ShellState::look_at_work() {
  notice.reset();
  dimming = 0;
  const bool stale = hold || !open_lab().up_to_date(history.current(), jobs, view);
  settled = !stale;
  // While its reason is read, the picture is of another value than the one in the field.
  if (message && refused) dimming = kFullDimming;
  if (!stale) return;
  const auto slots = [&](auto is) {
    return std::ranges::any_of(jobs, [&](const JobRequest& job) {
      const SlotView& slot = view.slot(job.slot());
      return slot.wanted == job && is(slot);
    });
  };
  const auto answered = [&](const JobRequest& job) {
    const SlotView& slot = view.slot(job.slot());
    return slot.up_to_date() && slot.answered == job;
  };
  const double owed = owed_seconds();
  if (hold) {
    notice = WorkNotice{.words = asking_words(*hold), .can_run = true};
    dimming = kFullDimming;
  } else if (owed > 0) {
    if (owed < kDimsAfter) return;
    notice = progress_notice();
    const double fading = (owed - kDimsAfter) / (kDimmedAfter - kDimsAfter);
    dimming = kFullDimming * static_cast<float>(std::clamp(fading, 0.2, 1.0));
  } else if (slots([](const SlotView& slot) { return slot.cancelled; })) {
    notice = WorkNotice{.words = text("work.cancelled"), .can_run = true};
    dimming = kFullDimming;
  } else if (slots([](const SlotView& slot) { return slot.error.has_value(); })) {
    notice = WorkNotice{.words = text("work.failed"), .can_run = true};
    dimming = kFullDimming;
  } else if (std::ranges::all_of(jobs, answered)) {
    notice = WorkNotice{.words = text("work.unreadable")};
    dimming = kFullDimming;
  }
  if (notice) notice->shown = shown_words();
}

std::string ShellState::shown_words() const {
  const std::string shown = open_lab().shown(history.current(), view);
  return shown.empty() ? shown : format_text("work.shown", fmt::arg("experiment", shown));
}

double ShellState::seconds_to_dim() const {
  const double owed = owed_seconds();
  if (owed <= 0 || owed > kDimmedAfter) return std::numeric_limits<double>::infinity();
  return owed < kDimsAfter ? kDimsAfter - owed : 0.1;
}

void ShellState::remember_work() {
  if (hold) return;  // what is remembered is what it asks about
  LastWork work;
  // All labs' work: one is looked at while another's goes on.
  for (const SlotView& slot : view.slots) {
    const bool idle = !slot.at_work();
    const double seconds = idle ? slot.work_seconds : seconds_since(slot.owing_since);
    if (slot.cancelled)
      work = {WorkEnd::cancelled, seconds, slot.name};
    else if (seconds > kHeavy && (!idle || slot.up_to_date()))
      work = {idle ? WorkEnd::done : WorkEnd::unfinished, seconds, slot.name};
  }
  if (work.end == settings.last_work.end && work.slot == settings.last_work.slot) {
    settings.last_work.seconds = work.seconds;  // kept when something else is
    return;
  }
  // Work that was left and has not been asked about yet is still left.
  if (work.end == WorkEnd::light && is_left_experiment()) return;
  settings.last_work = work;
  // At once: what comes next may be a crash.
  keep_settings(work.end == WorkEnd::unfinished);
}

}  // namespace nanscope
