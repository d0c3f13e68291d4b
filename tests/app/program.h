#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// Runs the built program as a person or a script would.
namespace nanscope {

struct Outcome {
  int status = -1;  ///< exit status; 128 + n if signal n ended it, as shells report it
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

struct RunOptions {
  std::vector<std::string> environment = {};  ///< "NAME=value"; "NAME" removes it
  std::string folder = ".";                   ///< the working folder
  int out = -1;                               ///< standard output's file; -1 is captured
  bool close_out = false;                     ///< starts the program without standard output
};

/// A program under way, whose output is being captured.
class Running {
 public:
  Running(const std::vector<std::string>& words, const RunOptions& options);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void send(int signal) const;
  /// Standard output and standard error so far.
  std::string out() const;
  std::string err() const;
  bool ended();
  Outcome wait();

 private:
  pid_t process_ = -1;
  int out_ = -1, err_ = -1;
  int state_ = 0;
  bool ended_ = false;
};

/// Runs the program to its end.
Outcome run(const std::vector<std::string>& words, const RunOptions& options = {});

/// Runs the program, expects status 0 and exactly one JSON value on standard output.
nlohmann::json run_json(const std::vector<std::string>& words, const RunOptions& options = {});

/// A folder that exists as long as the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file; the result is its path.
  std::string write(const std::string& name, std::string_view bytes) const;

 private:
  std::string path_;
};

/// The bytes of a file; "" if it is not there.
std::string file_bytes(const std::string& path);

}  // namespace nanscope
