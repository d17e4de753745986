// One figure beside its rival's, as the table and the JSON show it.

/// A measured figure. `ratio` is ours by the rival's, whichever way is better.
struct BenchRow: Hashable, Sendable, Codable {
  /// What was measured, with its size where it has one.
  var name: String
  var value: Double
  /// The unit of both values.
  var unit: String
  /// Who did the same beside it; nil where nobody does.
  var rival: String?
  var rivalValue: Double?
  var ratio: Double?

  init(_ name: String, _ value: Double, _ unit: String) {
    self.name = name
    self.value = value
    self.unit = unit
  }

  /// A figure beside a rival's of the same run.
  init(_ name: String, _ value: Double, _ unit: String, rival: String, _ rivalValue: Double) {
    self.init(name, value, unit)
    self.rival = rival
    self.rivalValue = rivalValue
    ratio = rivalValue > 0 ? value / rivalValue : nil
  }

  private enum CodingKeys: String, CodingKey {
    case name, value, unit, rival, ratio
    case rivalValue = "rival_value"
  }

  /// Every row has every key, so that a reader need not ask which are there.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encode(rival, forKey: .rival)
    try container.encode(rivalValue, forKey: .rivalValue)
    try container.encode(ratio, forKey: .ratio)
  }
}
