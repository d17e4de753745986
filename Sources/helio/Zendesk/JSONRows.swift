// Exports are larger than memory: their objects are cut out of the stream one by one, unread.

/// Gives the objects at the top of a stream: JSON lines, the elements of one array, or whole pages.
struct JSONRows {
  enum Row: Hashable, Sendable {
    case object([UInt8])
    /// What stood in the place of a row.
    case bad(String)
  }

  /// One object may take this many bytes.
  static let mostBytes = 64 << 20

  private var source: any ByteSource
  private var piece: [UInt8] = []
  private var position = 0

  init(_ source: any ByteSource) { self.source = source }

  /// How much of the file on disk was read, in bytes.
  var consumed: Int64 { source.consumed }

  /// The next row; nil at the end.
  mutating func next() throws(Failure) -> Row? {
    while let byte = try take() {
      switch byte {
      case 0x7B: return try object()
      // White space, commas and the brackets of an array stand between rows; a byte order mark
      // may stand at the beginning.
      case 0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5B, 0x5D, 0xEF, 0xBB, 0xBF: continue
      default:
        while let rest = try take(), rest != 0x0A {}
        return .bad("is no JSON object")
      }
    }
    return nil
  }

  private mutating func take() throws(Failure) -> UInt8? {
    if position == piece.count {
      guard let next = try source.next() else { return nil }
      piece = next
      position = 0
    }
    defer { position += 1 }
    return piece[position]
  }

  private mutating func object() throws(Failure) -> Row {
    var bytes: [UInt8] = [0x7B]
    var walk = JSONWalk()
    _ = walk.step(0x7B)
    while let byte = try take() {
      bytes.append(byte)
      if walk.step(byte), walk.depth == 0 { return .object(bytes) }
      guard bytes.count <= Self.mostBytes else {
        return .bad("an object has more than \(Self.mostBytes >> 20) MiB")
      }
    }
    return .bad("breaks off at the end of the file")
  }
}

/// Follows the nesting of JSON text byte by byte.
struct JSONWalk {
  private(set) var depth = 0
  private(set) var isInString = false
  private var isEscaped = false

  /// Whether the byte opened or closed an object or an array.
  mutating func step(_ byte: UInt8) -> Bool {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else if byte == 0x22 {
        isInString = false
      }
      return false
    }
    switch byte {
    case 0x22: isInString = true
    case 0x7B, 0x5B:
      depth += 1
      return true
    case 0x7D, 0x5D:
      depth -= 1
      return true
    default: break
    }
    return false
  }
}

/// One object of an export: a row, or a page that holds rows under keys.
enum JSONPage {
  /// The names of an object's members that hold lists, with the objects in them.
  static func lists(in object: [UInt8]) -> [String: [[UInt8]]] {
    var lists: [String: [[UInt8]]] = [:]
    var walk = JSONWalk()
    var key = ""
    var text: Int?
    var element: Int?
    var list: String?
    for (index, byte) in object.enumerated() {
      let wasInString = walk.isInString
      let moved = walk.step(byte)
      if walk.depth == 1, wasInString != walk.isInString {
        if walk.isInString {
          text = index + 1
        } else if let start = text {
          key = String(decoding: object[start..<index], as: UTF8.self)
        }
      }
      guard moved else { continue }
      switch (byte, walk.depth) {
      case (0x5B, 2):
        list = key
        lists[key] = []
      case (0x5D, 1): list = nil
      case (0x7B, 3) where list != nil: element = index
      case (0x7D, 2):
        if let start = element, let list { lists[list]?.append(Array(object[start...index])) }
        element = nil
      default: break
      }
    }
    return lists
  }

  /// Whether an object has a member of this name.
  static func has(_ name: String, in object: [UInt8]) -> Bool {
    var walk = JSONWalk()
    var start: Int?
    let wanted = Array(name.utf8)
    for (index, byte) in object.enumerated() {
      let wasInString = walk.isInString
      _ = walk.step(byte)
      guard walk.depth == 1, wasInString != walk.isInString else { continue }
      if walk.isInString {
        start = index + 1
      } else if let from = start, object[from..<index].elementsEqual(wanted),
        object[(index + 1)...].first(where: { $0 > 0x20 }) == 0x3A
      {
        return true
      }
    }
    return false
  }
}
