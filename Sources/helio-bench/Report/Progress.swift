// What a run is doing, on standard error, so that standard output holds the report alone.

internal import Foundation

enum Progress {
  static func say(_ text: String) {
    FileHandle.standardError.write(Data("helio-bench: \(text)\n".utf8))
  }
}
