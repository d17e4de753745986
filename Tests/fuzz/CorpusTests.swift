// Feeds every reader with the inputs that the fuzzers found, and with one good input of each kind.

import Foundation
import Testing

@Suite struct CorpusTests {
  /// The folder of this file.
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  private static func corpus(_ target: FuzzTarget) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "corpus/\(target)"), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test(arguments: FuzzTarget.allCases)
  func noInputOfTheCorpusBreaksALaw(_ target: FuzzTarget) throws {
    let files = try Self.corpus(target)
    #expect(files.count >= 3, "the corpus of \(target) is there")
    for file in files {
      do {
        try target.run([UInt8](Data(contentsOf: file)))
      } catch let broken as BrokenLaw {
        Issue.record("\(file.lastPathComponent): \(broken.law)")
      }
    }
  }

  /// Seeds that the readers do not take would lead a fuzzer nowhere.
  @Test(arguments: FuzzTarget.allCases)
  func everySeedIsTakenAndIsInTheCorpus(_ target: FuzzTarget) throws {
    let names = Set(try Self.corpus(target).map(\.lastPathComponent))
    for (name, input) in FuzzSeeds.of(target) {
      #expect(FuzzSeeds.isTaken(input, by: target), "\(target): \(name)")
      if ProcessInfo.processInfo.environment["HELIO_WRITE_SEEDS"] != nil {
        let file = Self.folder.appending(path: "corpus/\(target)/\(name)")
        try Data(input).write(to: file)
      } else {
        #expect(names.contains(name), "write it with HELIO_WRITE_SEEDS=1")
      }
    }
  }
}
