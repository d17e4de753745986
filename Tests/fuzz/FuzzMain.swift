// The program that libFuzzer runs; only Tests/fuzz/run builds it.

import Foundation

/// libFuzzer's loop: it takes the process's arguments and calls back with each input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ each: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
struct FuzzMain {
  /// The target of this process, named by HELIO_FUZZ.
  private static let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["HELIO_FUZZ"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
      fatalError("HELIO_FUZZ is '\(name)', no target; there are \(known)")
    }
    return target
  }()

  static func main() {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    let code = runDriver(&count, &arguments) { start, count in
      let input = Array(UnsafeBufferPointer(start: start, count: count))
      do throws(BrokenLaw) {
        try FuzzMain.target.run(input)
      } catch { fatalError("\(FuzzMain.target): \(error.law)") }
      return 0
    }
    exit(code)
  }
}
