// How many files and connections the process may have open.

internal import Foundation

enum OpenFiles {
  /// Raises the soft limit to the hard one: a shell's usual 1,024 is less than the connections that a
  /// node lets in. Where the system refuses, the limit stays.
  static func raiseLimit() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(files, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(files, &limit)
  }
}
