// A file's name in a header (RFC 6266, RFC 8187): whatever it is, it stays one parameter.

enum ContentDisposition {
  /// Always `attachment`: nothing that somebody sent opens in the browser by itself.
  static func attachment(_ name: String) -> String {
    "attachment; filename=\"\(plain(name))\"; filename*=UTF-8''\(percentEncoded(name))"
  }

  /// For clients that know no `filename*`: letters, digits and a few marks of ASCII.
  static func plain(_ name: String) -> String {
    String(
      name.unicodeScalars.map { scalar -> Character in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", " ", "(", ")": Character(scalar)
        default: "_"
        }
      })
  }

  /// The unreserved characters of RFC 3986 as they are, all other bytes as %XX: safe in a header
  /// parameter and in a query string.
  static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result.append("%")
        result.append(digits[Int(byte >> 4)])
        result.append(digits[Int(byte & 15)])
      }
    }
    return result
  }
}

/// Content types of files: what is kept of a client's word, and what is served.
enum ContentKind {
  static let unknown = "application/octet-stream"

  /// What a browser shows without running anything, and what it only saves. HTML, SVG and XML are
  /// not among them.
  private static let served: Set<String> = [
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic",
    "audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4", "video/mp4", "video/webm",
    "video/quicktime", "text/plain", "text/csv", "application/pdf", "application/zip",
    "application/gzip", "application/json", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint", "message/rfc822",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
  ]

  /// Type and subtype of a Content-Type header, in lower case and without parameters; the unknown
  /// type where it is none.
  static func declared(_ header: String?) -> String {
    let head = (header ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    let parts = head.split(separator: "/", omittingEmptySubsequences: false)
    let isType =
      parts.count == 2 && head.utf8.count <= 127
      && parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy(isTokenByte) }
    return isType ? head : unknown
  }

  static func serving(_ declared: String) -> String {
    served.contains(declared) ? declared : unknown
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
