#include "tests/app/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/built.h"

namespace nanscope {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

std::string name_in(std::string_view entry) {
  return std::string(entry.substr(0, entry.find('=')));
}

/// This process's environment with changes.
std::vector<std::string> environment_with(const std::vector<std::string>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const auto same = [&](const std::string& change) { return name_in(change) == name_in(*entry); };
    if (std::none_of(changes.begin(), changes.end(), same)) result.emplace_back(*entry);
  }
  for (const std::string& change : changes)
    if (change.find('=') != change.npos) result.push_back(change);
  return result;
}

std::string contents(int file) {
  std::string text;
  char block[65536];
  for (off_t at = 0;; at = static_cast<off_t>(text.size())) {
    const ssize_t count = ::pread(file, block, sizeof block, at);
    if (count <= 0) return text;
    text.append(block, static_cast<std::size_t>(count));
  }
}

}  // namespace

Running::Running(const std::vector<std::string>& words, const RunOptions& options)
    : out_(::memfd_create("stdout", MFD_CLOEXEC)), err_(::memfd_create("stderr", MFD_CLOEXEC)) {
  const std::string program = built_beside("nanscope");
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<std::string> environment = environment_with(options.environment);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (options.close_out)
    posix_spawn_file_actions_addclose(&actions, 1);
  else
    posix_spawn_file_actions_adddup2(&actions, options.out == -1 ? out_ : options.out, 1);
  posix_spawn_file_actions_adddup2(&actions, err_, 2);
  const int error = posix_spawn(&process_, program.c_str(), &actions, nullptr, pointers(all).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + program);
}

Running::~Running() {
  if (!ended()) {
    send(SIGKILL);
    wait();
  }
  ::close(out_);
  ::close(err_);
}

void Running::send(int signal) const { ::kill(process_, signal); }

std::string Running::out() const { return contents(out_); }
std::string Running::err() const { return contents(err_); }

bool Running::ended() {
  if (!ended_) ended_ = ::waitpid(process_, &state_, WNOHANG) == process_;
  return ended_;
}

Outcome Running::wait() {
  if (!ended_) ::waitpid(process_, &state_, 0);
  ended_ = true;
  return {WIFEXITED(state_) ? WEXITSTATUS(state_) : 128 + WTERMSIG(state_), contents(out_),
          contents(err_)};
}

Outcome run(const std::vector<std::string>& words, const RunOptions& options) {
  return Running(words, options).wait();
}

nlohmann::json run_json(const std::vector<std::string>& words, const RunOptions& options) {
  const Outcome outcome = run(words, options);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  nlohmann::json value = nlohmann::json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(value.is_object()) << outcome.out.substr(0, 500);
  return value;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, std::string_view bytes) const {
  std::ofstream(file(name), std::ios::binary) << bytes;
  return file(name);
}

std::string file_bytes(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

}  // namespace nanscope
