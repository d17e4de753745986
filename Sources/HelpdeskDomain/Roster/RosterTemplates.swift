// Ready-made rosters for two and for three offices.

package import ReplicaCore

extension RosterRules {
  /// An office of a template: its code, its IANA zone and that zone's offsets.
  package struct TemplateOffice: Sendable {
    package var code: OfficeID
    package var zone: String
    package var offsets: ZoneOffsets

    package init(_ code: OfficeID, zone: String, offsets: ZoneOffsets) {
      self.code = code
      self.zone = zone
      self.offsets = offsets
    }
  }

  /// Three offices of eight hours each, every day, plus `overlap` minutes to hand over in.
  package static func threeByEight(
    _ first: TemplateOffice, _ second: TemplateOffice, _ third: TemplateOffice,
    overlap: Int = 60, reference: Instant = RosterLimits.zonesFrom
  ) -> RosterRules {
    aroundTheClock("3x8", [first, second, third], overlap, reference)
  }

  /// Two offices of twelve hours each, every day, plus `overlap` minutes to hand over in.
  package static func twoByTwelve(
    _ first: TemplateOffice, _ second: TemplateOffice, overlap: Int = 60,
    reference: Instant = RosterLimits.zonesFrom
  ) -> RosterRules {
    aroundTheClock("2x12", [first, second], overlap, reference)
  }

  /// Offices that share the day in equal parts, every day, plus `overlap` minutes to hand over in.
  ///
  /// Parts of equal length that follow one another in UTC at `reference` (a day in standard time
  /// for most), east first, placed on the half hour where the local starts lie nearest to 08:00.
  /// The overlap hour also bridges the weeks in which only one of two zones has changed its clock.
  package static func aroundTheClock(
    _ name: String, _ offices: [TemplateOffice], _ overlap: Int = 60,
    _ reference: Instant = RosterLimits.zonesFrom
  ) -> RosterRules {
    let length = 1_440 / offices.count
    let placed = offices.enumerated().map { index, office in
      (office: office, order: index, offset: office.offsets.offset(at: reference) / 60)
    }.sorted { ($1.offset, $0.order) < ($0.offset, $1.order) }
    func starts(_ anchor: Int) -> [Int] {
      placed.indices.map { anchor + $0 * length + placed[$0].offset }
    }
    func strain(_ anchor: Int) -> Int {
      starts(anchor).reduce(0) { sum, start in
        let apart = ((start - 480) % 1_440 + 1_440) % 1_440
        let nearest = min(apart, 1_440 - apart)
        return sum + nearest * nearest
      }
    }
    let anchors = Array(stride(from: 0, to: 1_440, by: 30))
    let anchor = anchors.min { (strain($0), $0) < (strain($1), $1) } ?? 0
    let shifts = zip(placed, starts(anchor)).map { part, start in
      Shift(
        office: part.office.code,
        hours: WorkHours(starts: [.wrapped(start)], minutes: min(1_440, length + overlap)))
    }
    return RosterRules(
      name: name, offices: offices.map { RosterOffice($0.code, zone: $0.zone) },
      groups: [GroupRules(shifts: shifts)], fallback: offices.first?.code,
      handover: .afterStart(minutes: min(30, overlap)), promise: .always)
  }
}
