// The conditions of a view, as the compatible API writes them.

/// One condition, such as `status less_than solved`.
package struct ViewCondition: Hashable, Sendable, Codable {
  package var field: String
  package var comparison: String
  package var value: PlainJSON

  package init(_ field: String, _ comparison: String, _ value: PlainJSON = .null) {
    self.field = field
    self.comparison = comparison
    self.value = value
  }

  private enum CodingKeys: String, CodingKey {
    case field
    case comparison = "operator"
    case value
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    field = try container.decode(String.self, forKey: .field)
    comparison = try container.decode(String.self, forKey: .comparison)
    value = try container.decodeIfPresent(PlainJSON.self, forKey: .value) ?? .null
  }
}

/// What the tickets of a view have in common: all of `all`, and, where there is any, one of `any`.
package struct ViewConditions: Hashable, Sendable, Codable {
  package var all: [ViewCondition]
  package var any: [ViewCondition]

  package init(all: [ViewCondition] = [], any: [ViewCondition] = []) {
    self.all = all
    self.any = any
  }

  /// Reads the column's text; nil where it cannot be read.
  package init?(stored text: String) {
    guard let read = CanonicalJSON.read(ViewConditions.self, text) else { return nil }
    self = read
  }

  /// As the column holds it.
  package var stored: String { CanonicalJSON.text(self) }

  package var count: Int { all.count + any.count }
}
