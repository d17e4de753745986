// Zone offsets are looked up once per process: it costs more than the rest of a plan.

internal import HelpdeskDomain
internal import Synchronization

/// The offset changes of the zones that plans draw from.
enum KnownZones {
  private static let known = Mutex<[String: ZoneOffsets]>([:])

  static func offsets(_ name: String) -> ZoneOffsets? {
    known.withLock { known in
      if let offsets = known[name] { return offsets }
      let offsets = ZoneOffsets(foundation: name)
      known[name] = offsets
      return offsets
    }
  }
}
