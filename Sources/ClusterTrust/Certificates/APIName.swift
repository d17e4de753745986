// A name that clients check the server against is either a DNS name or an IP address.

internal import SwiftASN1
internal import X509

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// One subject alternative name of the agents' HTTPS.
enum APIName: Hashable, Sendable {
  case dns(String)
  /// 4 or 16 bytes, network order.
  case address([UInt8])

  /// Reads an IPv4 or IPv6 address, else a DNS name, whose first label may be `*`.
  init(_ text: String) throws(CertificateMakingError) {
    if let bytes = Self.parse(text, family: AF_INET, count: 4) {
      self = .address(bytes)
    } else if let bytes = Self.parse(text, family: AF_INET6, count: 16) {
      self = .address(bytes)
    } else if Self.isDNSName(text) {
      self = .dns(text)
    } else {
      throw .invalidName(text)
    }
  }

  var generalName: GeneralName {
    switch self {
    case .dns(let name): .dnsName(name)
    case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
    }
  }

  private static func parse(_ text: String, family: Int32, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let parsed = bytes.withUnsafeMutableBytes { inet_pton(family, text, $0.baseAddress) }
    return parsed == 1 ? bytes : nil
  }

  private static func isDNSName(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 253, let last = labels.last,
      !last.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return false }
    return labels.enumerated().allSatisfy { index, label in
      if index == 0, label == "*" { return labels.count > 2 }
      return (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy {
          (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
    }
  }
}
