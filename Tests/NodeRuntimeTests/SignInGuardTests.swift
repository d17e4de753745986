// Guessing gets slower and slower, for whoever guesses and for nobody else.

import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite struct SignInGuardTests {
  let start = Instant(seconds: 1_790_000_000)

  /// Fails as often as it may until it has to wait.
  private func fail(
    _ guarding: inout SignInGuard, _ account: String, _ address: String, _ times: Int,
    at now: Instant
  ) {
    for _ in 0..<times { guarding.began(account: account, address: address, now: now) }
  }

  @Test func theDelayDoublesUpToAQuarterOfAnHour() {
    var guarding = SignInGuard()
    var now = start
    var waits: [Int64] = []
    for _ in 0..<18 {
      guarding.began(account: "a", address: "1", now: now)
      let wait = guarding.wait(account: "a", address: "1", now: now)
      waits.append(wait / 1_000)
      now = now + wait
    }
    #expect(waits.prefix(8) == [0, 0, 0, 0, 1, 2, 4, 8])
    #expect(waits.suffix(3) == [900, 900, 900])
    #expect(guarding.wait(account: "a", address: "1", now: now) == 0)
    // Another account from elsewhere does not wait.
    fail(&guarding, "a", "1", 1, at: now)
    #expect(guarding.wait(account: "b", address: "2", now: now) == 0)
  }

  @Test func theAccountIsGuardedWhereverTheTriesComeFrom() {
    var guarding = SignInGuard()
    for address in 0..<6 { fail(&guarding, "a", "\(address)", 1, at: start) }
    #expect(guarding.wait(account: "a", address: "new", now: start) > 0)
  }

  @Test func anAddressThatTriesManyAccountsWaits() {
    var guarding = SignInGuard()
    for account in 0..<30 { fail(&guarding, "user \(account)", "1", 1, at: start) }
    #expect(guarding.wait(account: "fresh", address: "1", now: start) == 1_000)
    #expect(guarding.wait(account: "fresh", address: "2", now: start) == 0)
  }

  @Test func aRightPasswordAfterTheDelayEndsIt() {
    var guarding = SignInGuard()
    fail(&guarding, "a", "1", 6, at: start)
    let later = start + guarding.wait(account: "a", address: "1", now: start)
    guarding.began(account: "a", address: "1", now: later)
    guarding.succeeded(account: "a", address: "1", now: later)
    #expect(guarding.wait(account: "a", address: "1", now: later) == 0)
    fail(&guarding, "a", "1", 4, at: later)
    #expect(guarding.wait(account: "a", address: "1", now: later) == 0)
  }

  /// A stranger cannot keep a user out who signed in from their own place before, nor can the user's
  /// signing in give the stranger new tries.
  @Test func whoSignedInFromThereBeforeIsNotKeptOut() {
    var guarding = SignInGuard()
    guarding.began(account: "a", address: "home", now: start)
    guarding.succeeded(account: "a", address: "home", now: start)
    fail(&guarding, "a", "far", 12, at: start)
    let wait = guarding.wait(account: "a", address: "far", now: start)
    #expect(wait > 60_000)
    #expect(guarding.wait(account: "a", address: "home", now: start) == 0)
    guarding.began(account: "a", address: "home", now: start)
    guarding.succeeded(account: "a", address: "home", now: start)
    #expect(guarding.wait(account: "a", address: "far", now: start) == wait)
    // From home, too, guessing is slow.
    fail(&guarding, "a", "home", 5, at: start)
    #expect(guarding.wait(account: "a", address: "home", now: start) > 0)
  }

  @Test func wrongTokensAreToldToWait() {
    var guarding = SignInGuard()
    for _ in 0..<29 { #expect(guarding.wrongToken(from: "1", now: start) == 0) }
    #expect(guarding.wrongToken(from: "1", now: start) == 1_000)
    #expect(guarding.wrongToken(from: "2", now: start) == 0)
    for _ in 0..<40 { _ = guarding.wrongToken(from: "1", now: start) }
    #expect(guarding.wrongToken(from: "1", now: start) == 60_000)
  }

  /// A flood of made-up accounts from many places neither fills the memory nor washes away what
  /// is known of the worst.
  @Test func memoryIsBoundedAndTheWorstStay() {
    var guarding = SignInGuard()
    fail(&guarding, "victim", "0", 12, at: start)
    for number in 0..<12_000 { fail(&guarding, "x\(number)", "y\(number)", 1, at: start) }
    #expect(guarding.entries.count <= SignInGuard.capacity)
    #expect(guarding.wait(account: "victim", address: "new", now: start) > 60_000)
    for number in 0..<11_000 {
      guarding.befriend(account: "x\(number)", address: "y", now: start + Int64(number))
    }
    #expect(guarding.friends.count <= SignInGuard.capacity)
  }

  @Test func whatIsKeptOverARestartIsTheWorst() {
    var guarding = SignInGuard()
    for number in 0..<1_500 { fail(&guarding, "x\(number)", "y\(number)", 1, at: start) }
    fail(&guarding, "victim", "0", 8, at: start)
    let kept = guarding.worth(keeping: start)
    #expect(kept.entries.count == SignInGuard.kept)
    #expect(
      kept.wait(account: "victim", address: "1", now: start)
        == guarding.wait(account: "victim", address: "1", now: start))
  }

  @Test func aDayLaterAllIsForgotten() {
    var guarding = SignInGuard()
    fail(&guarding, "a", "1", 12, at: start)
    let later = start + 25 * 3_600_000
    guarding.began(account: "a", address: "1", now: later)
    #expect(guarding.wait(account: "a", address: "1", now: later) == 0)
  }

  /// The clock was a year ahead while somebody guessed, and is right again.
  @Test func aClockThatWasAheadKeepsNobodyOut() {
    var guarding = SignInGuard()
    let ahead = start + 365 * 86_400_000
    fail(&guarding, "a", "1", 12, at: ahead)
    guarding.befriend(account: "b", address: "2", now: ahead)
    #expect(guarding.wait(account: "a", address: "1", now: start) <= 15 * 60_000)
    // Nor does it make a friend for a year.
    fail(&guarding, "b", "3", 6, at: start)
    #expect(guarding.wait(account: "b", address: "2", now: start) > 0)
  }

  @Test func addressesAreCountedAsNetworks() {
    #expect(ClientNetwork.of("::ffff:192.0.2.7") == "192.0.2.7")
    #expect(ClientNetwork.of("192.0.2.7") == "192.0.2.7")
    #expect(ClientNetwork.of("2001:db8::1") == ClientNetwork.of("2001:db8::ffff:2"))
    #expect(ClientNetwork.of("2001:db8::1") != ClientNetwork.of("2001:db8:0:1::1"))
    #expect(ClientNetwork.of("unknown") == "unknown")
  }
}
