// The importer reads files of any size in small pieces.

internal import Foundation

/// Gives a file's contents piece by piece.
protocol ByteSource {
  /// The next piece, never empty; nil at the end. Throws where the file breaks off.
  mutating func next() throws(Failure) -> [UInt8]?
  /// How much of the file on disk was read, in bytes.
  var consumed: Int64 { get }
}

/// A file as it is.
struct FileSource: ByteSource {
  /// Bytes of one read.
  static let pieceBytes = 32 << 10

  private let handle: FileHandle
  private let path: String
  private(set) var consumed: Int64 = 0

  init(_ path: String) throws(Failure) {
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw Failure(
        .failed, "The file \(path) cannot be opened: \(error.localizedDescription)",
        hint: "Check the path and the permissions.")
    }
    self.path = path
  }

  mutating func next() throws(Failure) -> [UInt8]? {
    do {
      guard let data = try handle.read(upToCount: Self.pieceBytes), !data.isEmpty else {
        return nil
      }
      consumed += Int64(data.count)
      return [UInt8](data)
    } catch {
      throw Failure(
        .failed, "Reading \(path) failed after \(consumed) bytes: \(error.localizedDescription)",
        hint: "Check the disk, then run the import again with --resume.")
    }
  }
}

/// A given sequence of pieces.
struct MemorySource: ByteSource {
  private var pieces: ArraySlice<[UInt8]>
  private(set) var consumed: Int64 = 0

  init(_ pieces: [[UInt8]]) { self.pieces = pieces.filter { !$0.isEmpty }[...] }

  mutating func next() throws(Failure) -> [UInt8]? {
    guard let piece = pieces.popFirst() else { return nil }
    consumed += Int64(piece.count)
    return piece
  }
}
