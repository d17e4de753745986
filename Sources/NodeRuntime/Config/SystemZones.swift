// Zone files of the system (or of TZDIR), read when a roster is published and never after.

internal import Foundation
internal import HelpdeskDomain

/// Looks zones up in the system's tzdata.
enum SystemZones {
  /// The offset changes of a zone; nil where the system does not know it.
  static func offsets(_ name: String) -> ZoneOffsets? {
    guard ZoneOffsets.isSafeZoneName(name) else { return nil }
    let folder = ProcessInfo.processInfo.environment["TZDIR"] ?? "/usr/share/zoneinfo"
    guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else {
      return nil
    }
    return ZoneOffsets(zoneFile: [UInt8](bytes))
  }
}
