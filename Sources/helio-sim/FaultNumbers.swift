// Faults are named by number on the command line, as a failure prints them.

/// `3,17`, or `none`.
struct FaultNumbers {
  let numbers: Set<Int>

  init?(_ text: String) {
    guard text != "none" else {
      numbers = []
      return
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.contains(where: { $0 == nil || $0.map { $0 < 0 } == true }) else { return nil }
    numbers = Set(parts.compactMap(\.self))
  }
}
