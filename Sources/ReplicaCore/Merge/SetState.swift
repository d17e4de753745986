// An add-wins set: a removal takes away only the additions that it saw.

/// Element → the dots under which it stands. An element with no dot is not in the set.
///
/// Source: observed-remove set without tombstones, Bieniusa et al. 2012 (arXiv:1210.3368).
package struct SetState: Hashable, Sendable {
  package private(set) var elements: [Value: [Dot]]

  package init(elements: [Value: [Dot]] = [:]) {
    self.elements = elements
  }

  package var sorted: [Value] { elements.keys.sorted() }

  package func dots(of element: Value) -> [Dot] { elements[element] ?? [] }

  package mutating func add(_ element: Value, dot: Dot, replaces: [Dot]) {
    var dots = elements[element] ?? []
    dots.removeAll { replaces.contains($0) }
    if !dots.contains(dot) { dots.append(dot) }
    elements[element] = dots.sorted()
  }

  package mutating func remove(_ element: Value, seen: [Dot]) {
    guard var dots = elements[element] else { return }
    dots.removeAll { seen.contains($0) }
    elements[element] = dots.isEmpty ? nil : dots
  }
}
