// Codable leaves absent values out; our answers keep the key and say null.

/// An optional that is encoded as null, and decoded from null or from nothing.
@propertyWrapper
package struct Nullable<Wrapped: Codable & Sendable>: Sendable {
  package var wrappedValue: Wrapped?
  package init(wrappedValue: Wrapped?) { self.wrappedValue = wrappedValue }
}

extension Nullable: Equatable where Wrapped: Equatable {}
extension Nullable: Hashable where Wrapped: Hashable {}

extension Nullable: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Wrapped.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension KeyedDecodingContainer {
  /// The synthesized decoders call this for a wrapped property, so that a missing key is nil.
  package func decode<Wrapped>(_ type: Nullable<Wrapped>.Type, forKey key: Key) throws
    -> Nullable<Wrapped>
  {
    try decodeIfPresent(type, forKey: key) ?? Nullable(wrappedValue: nil)
  }
}
