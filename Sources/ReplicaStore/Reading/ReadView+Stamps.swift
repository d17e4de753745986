// How recent what we have of other replicas is.

internal import GRDB
package import ReplicaCore

extension ReadView {
  /// The time in the stamp of the last delta that we have of any of these slots; nil where we have
  /// none. It is that of their clock when they wrote it, not of its arrival.
  package func lastStamp(of slots: [Slot]) throws -> Instant? {
    try slots.compactMap { slot in
      try db.number(
        "SELECT hlc FROM log WHERE slot = ? ORDER BY seq DESC LIMIT 1", [slot.sql]
      ).map { HLC(rawValue: UInt64(bitPattern: $0)).instant }
    }.max()
  }
}
