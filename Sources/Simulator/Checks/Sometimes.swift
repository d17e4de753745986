// What a run must have met now and then: a checker that never sees its case proves nothing.

/// The cases that must each occur in a hundred seeds.
package enum Sometimes: String, CaseIterable, Sendable, Codable {
  case acceptInTime = "accept_in_time"
  case cover = "cover"
  case lateAcceptBeatsCover = "late_accept_beats_cover"
  case acceptRefusedByClock = "accept_refused_by_clock"
  case inTransitAlarmed = "ticket_in_transit_alarmed"
  /// By another office's node than that on duty: it may be dead.
  case noticeByAnother = "notice_by_another_office"
  case foreignTake = "foreign_take"
  case handTo = "hand_to"
  case sendBack = "send_back"
  case stay = "stay"
  case seenRecorded = "seen_recorded"
  case twoOwnersWhileApart = "two_owners_while_apart"
  case conflict = "conflict"
  case conflictAcrossBoundary = "conflict_across_boundary"
  case losingWriteHidden = "losing_write_hidden"
  case conflictSettled = "conflict_settled"
  case concurrentRosters = "concurrent_rosters"
  case crashBetweenCommits = "crash_between_commits"
  case crashInsideCommit = "crash_inside_commit"
  case crashInsideBatch = "crash_inside_batch"
  case signingFailed = "signing_failed"
  case diskFullRefused = "disk_full_refused"
  case batchRefusedByFullDisk = "batch_refused_by_full_disk"
  case stoppedAfterDiskFailure = "stopped_after_disk_failure"
  case messageLost = "message_lost"
  case messageDoubled = "message_doubled"
  case batchCut = "batch_cut_in_half"
  case linkLostInFlight = "link_lost_in_flight"
  case oneWayCut = "one_way_cut"
  case stalledLink = "stalled_link"
  case relay = "relay_used"
  case unknownColumnRelayed = "unknown_column_relayed"
  case batchReplayed = "batch_replayed"
  case pastMissing = "past_missing"
  case removedNodeRefused = "removed_node_refused"
  case removedNodeReadOnly = "removed_node_read_only"
  case beyondSeal = "beyond_seal"
  case forkFound = "fork_found"
  case restoredBackupFound = "restored_backup_found"
  case clonedDatabaseFound = "cloned_database_found"
  case voidDelta = "void_delta"
}

/// How often each case occurred.
package struct SometimesCounts: Sendable, Codable {
  package private(set) var counts: [String: Int] = [:]

  /// Nothing has occurred yet.
  package init() {}

  mutating func hit(_ what: Sometimes, _ times: Int = 1) {
    if times > 0 { counts[what.rawValue, default: 0] += times }
  }

  /// Adds the counts of another run.
  package mutating func add(_ other: SometimesCounts) {
    for (name, count) in other.counts { counts[name, default: 0] += count }
  }

  /// In the order in which they are declared; cases that never occurred with 0.
  package var sorted: [(name: String, count: Int)] {
    Sometimes.allCases.map { ($0.rawValue, counts[$0.rawValue] ?? 0) }
  }
}
