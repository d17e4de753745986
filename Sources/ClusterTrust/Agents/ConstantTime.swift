// Secrets are compared without telling how far they agree.

enum ConstantTime {
  /// Whether two byte strings are equal, in a time that depends on their lengths only.
  static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
  }
}
