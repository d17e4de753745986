// Values on the command line are checked before anything is asked of a node.

internal import ArgumentParser
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore

/// Readers of option values; each says the rule it holds the value against.
enum Input {
  static func office(_ text: String) throws -> OfficeID {
    let office = OfficeID(text)
    guard office.isValid else {
      throw ValidationError(
        "\"\(text)\" is no office code: 1 to \(OfficeID.maximumLength) characters of a-z, 0-9 "
          + "and -, such as paris.")
    }
    return office
  }

  static func zone(_ text: String) throws -> String {
    guard text == "UTC" || text.contains("/"), TimeZone(identifier: text) != nil else {
      throw ValidationError(
        "\"\(text)\" is no time zone of the IANA database; write one such as Europe/Paris.")
    }
    return text
  }

  /// `host:port`, also `[::1]:7440`.
  static func address(_ text: String) throws -> String {
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
      UInt16(text[text.index(after: colon)...]) != nil
    else {
      throw ValidationError(
        "\"\(text)\" is no address: write HOST:PORT, such as 0.0.0.0:7440 or [::1]:7440.")
    }
    let host = text[..<colon]
    guard !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]")) else {
      throw ValidationError(
        "\"\(text)\": an IPv6 address goes into brackets, such as [::1]:7440.")
    }
    return text
  }

  /// `NAME=HOST:PORT`.
  static func peer(_ text: String) throws -> PeerAddress {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else {
      throw ValidationError(
        "\"\(text)\" names no peer address: write NAME=HOST:PORT, such as tokyo-1=10.0.0.7:7440.")
    }
    return PeerAddress(name: String(parts[0]), address: try address(String(parts[1])))
  }

  /// Seconds of a span such as `30m`.
  static func span(_ text: String) throws -> Int64 {
    guard let seconds = Span.seconds(text) else {
      throw ValidationError(
        "\"\(text)\" is no span of time: write a whole number and s, m, h, d or w, such as 30m.")
    }
    return seconds
  }

  /// `a,b` → the parts, without blanks.
  static func list(_ text: String) throws -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  /// An ISO week, `2026-W12`.
  static func week(_ text: String) throws -> String {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 4, Int(parts[0]) != nil,
      parts[1].utf8.count == 3, parts[1].first == "W", let week = Int(parts[1].dropFirst()),
      (1...53).contains(week)
    else {
      throw ValidationError("\"\(text)\" is no ISO week: write one such as 2026-W12.")
    }
    return text
  }

  /// A point in time in ISO 8601, or a span from now such as `12h`; as the API writes it, and by the
  /// reader that it has.
  static func time(_ text: String) throws -> String {
    if let seconds = Span.seconds(text) { return time(inSeconds: seconds) }
    guard let instant = Instant(iso8601: text) else {
      throw ValidationError(
        "\"\(text)\" is no time: write one such as 2026-09-18T23:25:58Z or "
          + "2026-09-19T01:25:58+02:00, a date that the calendar has (then 0:00 UTC of it), or a "
          + "span from now such as 12h.")
    }
    return instant.iso8601
  }

  /// So many seconds from now, at the latest the end of the year 9999.
  static func time(inSeconds seconds: Int64) -> String {
    let (now, end) = (Int64(Date().timeIntervalSince1970), Instant.writableSeconds.upperBound)
    return Instant(seconds: seconds < end - now ? now + seconds : end).iso8601
  }

  static func id(_ text: String) throws -> Int64 {
    guard let id = Int64(text.hasPrefix("#") ? String(text.dropFirst()) : text),
      RowID(id).isValid
    else {
      throw ValidationError("\"\(text)\" is no id: write a whole number above 0.")
    }
    return id
  }
}

/// Where a peer is dialled at another address than it announces.
struct PeerAddress: Hashable, Sendable {
  var name: String
  var address: String
}

/// A whole text file; `-` is standard input.
enum TextFile {
  static func read(_ path: String) throws(Failure) -> String {
    let data: Data
    do {
      data =
        path == "-"
        ? try FileHandle.standardInput.readToEnd() ?? Data()
        : try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Failure(
        .failed, "The file \(path) cannot be read: \(error.localizedDescription)",
        hint: "Check the path and the permissions.")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure(
        .failed, "The file \(path) is not UTF-8 text.", hint: "Convert it: iconv -t UTF-8")
    }
    return text
  }

  /// The first line of a file, for secrets.
  static func firstLine(_ path: String) throws(Failure) -> String {
    let text = try read(path)
    return String(text.prefix { !$0.isNewline })
  }
}
