#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/theme/theme.h"

namespace nanscope {

/// Which file is wanted, and what happens with it.
struct FileQuestion {
  std::string title;
  bool saving = false;                  ///< a file that need not exist yet
  std::vector<std::string> extensions;  ///< ".json": what is listed; the first is added when saving
  std::string folder;                   ///< where to begin; "" is the working folder
  std::string name;                     ///< proposed when saving
  std::function<void(const std::string& path)> chosen;
};

/// A dialog over the window that picks a file: no native one can be counted on.
class FileChooser {
 public:
  void ask(FileQuestion question);
  void draw(const Style& style);
  /// The folder that was shown last.
  const std::string& folder() const { return folder_; }

 private:
  struct Entry {
    std::string name;
    bool is_folder = false;
  };
  bool enter(const std::string& folder);
  void draw_list(const Style& style);
  void draw_buttons(const Style& style);
  bool acceptable() const;
  std::string path() const;
  void accept();

  FileQuestion question_;
  bool opening_ = false;
  std::string folder_;
  std::string typed_folder_;
  std::string name_;
  std::string problem_;  ///< why the folder cannot be shown, or ""
  std::vector<Entry> entries_;
};

}  // namespace nanscope
