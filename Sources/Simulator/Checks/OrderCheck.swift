// The merge gives one state in whatever order the deltas come, and however often.

internal import ReplicaCore

/// Invariant 5 on the rows of a run: each is merged again in random orders that keep only causes
/// before effects, with changes repeated.
struct OrderCheck {
  let dump: ReplicaDump
  /// Rows that are merged again, those with the most changes first.
  let rows: Int
  var random: SeededRandom

  private struct Step {
    var dot: Dot
    var change: RowChange
    var header: DeltaHeader

    /// What the change names: it was applied before, wherever the change is.
    let causes: Set<Dot>

    init(_ change: RowChange, of delta: Delta) {
      dot = delta.dot
      self.change = change
      header = delta.header
      causes = Set(
        change.actions.flatMap { action -> [Dot] in
          switch action.kind {
          case .write(_, let replaces, let unread): replaces + unread
          case .add(_, let replaces): replaces
          case .remove(_, let seen): seen
          }
        })
    }
  }

  /// Returns how many orders were tried.
  mutating func run() throws -> Int {
    var steps: [RowRef: [Step]] = [:]
    for encoded in dump.log where dump.voids[encoded.dot] == nil {
      let delta = try DeltaCodec.decode(encoded)
      for change in delta.changes {
        steps[change.row, default: []].append(Step(change, of: delta))
      }
    }
    let chosen = steps.sorted {
      $0.value.count == $1.value.count ? $0.key < $1.key : $0.value.count > $1.value.count
    }.prefix(rows)
    for (row, steps) in chosen {
      for _ in 0..<2 {
        var state = RowState()
        for step in shuffled(steps) {
          for _ in 0...random.below(2) { state.apply(step.change, header: step.header) }
        }
        guard state == dump.rows[row] ?? RowState() else {
          throw Violation(5, "row \(row) depends on the order of its \(steps.count) changes")
        }
      }
    }
    return chosen.count * 2
  }

  /// A random order in which each change comes after those of its own slot and those it names.
  private mutating func shuffled(_ steps: [Step]) -> [Step] {
    var waiting = steps
    var open = Set(steps.map(\.dot))
    var done: [Step] = []
    while !waiting.isEmpty {
      // The first change never waits for another one, so this ends.
      var index = random.below(waiting.count)
      while true {
        let step = waiting[index]
        let waits =
          step.causes.contains { $0 != step.dot && open.contains($0) }
          || waiting[..<index].contains { $0.dot.slot == step.dot.slot }
        if !waits { break }
        index = (index + 1) % waiting.count
      }
      let step = waiting.remove(at: index)
      open.remove(step.dot)
      done.append(step)
    }
    return done
  }
}
