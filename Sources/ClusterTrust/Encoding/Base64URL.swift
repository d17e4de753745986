// Tokens travel by chat and by shell, so their bytes are written in the URL alphabet (RFC 4648 §5).

internal import Foundation

/// Base64 with `-` and `_`, without padding; the only form accepted is the one that is written.
enum Base64URL {
  static func encode(_ bytes: [UInt8]) -> String {
    var text = Data(bytes).base64EncodedString()
    while text.last == "=" { text.removeLast() }
    return String(
      text.map { character in
        switch character {
        case "+": "-"
        case "/": "_"
        default: character
        }
      })
  }

  /// Nil for a foreign character, padding, or spare bits that are not zero.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var standard = ""
    for byte in text.utf8 {
      switch byte {
      case 0x2D: standard += "+"
      case 0x5F: standard += "/"
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: standard.unicodeScalars.append(.init(byte))
      default: return nil
      }
    }
    while standard.utf8.count % 4 != 0 { standard += "=" }
    guard let data = Data(base64Encoded: standard) else { return nil }
    let bytes = [UInt8](data)
    return encode(bytes) == String(text) ? bytes : nil
  }
}
