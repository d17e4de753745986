// Rosters are read once: a publication never changes, and working out its slots costs.

package import ReplicaCore
internal import Synchronization

/// The publications read so far and the books made of them. Answers depend on the rows alone.
package final class DutyBooks: Sendable {
  private struct Known {
    var publications: [RowID: RosterPublication] = [:]
    var books: [[RowID]: DutyBook] = [:]
  }

  /// Sets of publications in use at once: the present one and those of late deltas' pasts.
  private static let kept = 16

  private let known = Mutex(Known())

  package init() {}

  /// The book of a set of publications, given as their rows in order.
  package func book(of rosters: [RowID], read: (RowID) -> RowState) -> DutyBook {
    if let book = known.withLock({ $0.books[rosters] }) { return book }
    var publications: [RosterPublication] = []
    for id in rosters {
      if let publication = known.withLock({ $0.publications[id] }) ?? Self.publication(id, read(id))
      {
        publications.append(publication)
      }
    }
    let book = DutyBook(publications)
    known.withLock { known in
      if known.books.count >= Self.kept { known.books.removeAll() }
      for publication in publications { known.publications[publication.id] = publication }
      known.books[rosters] = book
    }
    return book
  }

  /// The publication of a row; nil where it cannot be read: such a row makes its delta void.
  private static func publication(_ id: RowID, _ state: RowState) -> RosterPublication? {
    guard
      let write = state.cells[CellKey(RosterColumn.publication)]?.register?.winner,
      let text = write.value?.text, let content = try? RosterContent(canonical: text)
    else { return nil }
    return RosterPublication(
      id: id, hlc: write.stamp.hlc, slot: write.stamp.dot.slot, content: content)
  }
}
