// Certificates cross this target's border as DER bytes only.

internal import SwiftASN1
internal import X509

extension Certificate {
  /// The certificate's DER bytes.
  func der() throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.serialize(self)
    return serializer.serializedBytes
  }
}
