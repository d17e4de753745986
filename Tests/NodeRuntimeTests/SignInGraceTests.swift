// A node that is cut off lets users in for a while by itself, then asks its operator for each.

import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite struct SignInGraceTests {
  static let day: Int64 = 24 * 3_600_000
  let start = Instant(seconds: 1_790_000_000)
  let mei = RowID(10_007)

  @Test func withinTheGraceEverybodyGetsIn() {
    let grace = SignInGrace(length: 30 * Self.day, record: nil)
    grace.look(others: true, heard: nil, now: start)
    #expect(grace.admits(mei, now: start + (30 * Self.day - 1)))
    #expect(!grace.admits(mei, now: start + 30 * Self.day))
    #expect(grace.alarm(now: start + 14 * Self.day) == nil)
    #expect(grace.alarm(now: start + 15 * Self.day) != nil)
  }

  @Test func hearingOfAnotherOfficeBeginsItAnew() {
    let grace = SignInGrace(length: 30 * Self.day, record: nil)
    grace.look(others: true, heard: nil, now: start)
    let later = start + 40 * Self.day
    #expect(!grace.admits(mei, now: later))
    grace.look(others: true, heard: later + -1_000, now: later)
    #expect(grace.admits(mei, now: later + 29 * Self.day))
    #expect(grace.alarm(now: later) == nil)
    // What claims to come from the future counts as heard now.
    grace.look(others: true, heard: later + 900 * Self.day, now: later)
    #expect(!grace.admits(mei, now: later + 31 * Self.day))
  }

  @Test func theOperatorAnswersForOneUserForOneMoreGrace() {
    let grace = SignInGrace(
      length: 30 * Self.day, record: SignInGrace.Record(heard: start + -100 * Self.day))
    grace.look(others: true, heard: nil, now: start)
    #expect(!grace.admits(mei, now: start))
    #expect(grace.confirm([mei], now: start) == start + 30 * Self.day)
    #expect(grace.admits(mei, now: start + (30 * Self.day - 1)))
    #expect(!grace.admits(mei, now: start + 30 * Self.day))
    #expect(!grace.admits(RowID(20_007), now: start))
  }

  /// Nobody else could have disabled anybody.
  @Test func aLoneNodeIsNeverCutOff() {
    let record = SignInGrace.Record(heard: start + -900 * Self.day)
    let grace = SignInGrace(length: 30 * Self.day, record: record)
    grace.look(others: false, heard: nil, now: start)
    #expect(grace.admits(mei, now: start))
    #expect(grace.alarm(now: start) == nil)
    let endless = SignInGrace(length: 0, record: record)
    endless.look(others: true, heard: nil, now: start)
    #expect(endless.admits(mei, now: start))
  }

  /// A clock that was years ahead while the others were heard must not make the grace endless.
  @Test func aClockThatWasWrongStartsAnew() {
    let grace = SignInGrace(
      length: 30 * Self.day, record: SignInGrace.Record(heard: start + 9_000 * Self.day))
    grace.look(others: true, heard: nil, now: start)
    #expect(grace.admits(mei, now: start))
    #expect(!grace.admits(mei, now: start + 31 * Self.day))
  }
}
