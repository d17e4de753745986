// Makes guessing slow: a delay that grows per account and per address, and does not hit those who
// signed in from there before.

internal import ReplicaCore

/// Who failed how often. A value: the caller has the clock and the lock.
///
/// A try at a password is counted before it is looked at, so that a hundred at once are not a
/// hundred guesses for one. A pair of account and address that signed in within a day (a *friend*)
/// has a count of its own: a stranger who guesses at an account, or a broken script behind the same
/// address, does not keep its owner out.
struct SignInGuard: Codable, Equatable {
  /// What is counted.
  enum Subject: Hashable {
    case account(String)
    /// Passwords from there.
    case address(String)
    /// Tokens from there.
    case tokens(String)
    case friend(account: String, address: String)
  }

  struct Entry: Codable, Equatable {
    var failures: Int
    var until: Instant
    var last: Instant
  }

  /// Subjects that are remembered at once; beyond it those with the fewest failures go.
  static let capacity = 10_000
  /// Of these so many survive a restart, the worst first.
  static let kept = 1_000
  static let friendship: Int64 = 24 * 3_600_000

  /// By the digest of what is counted: what a stranger sends as an address may be long.
  private(set) var entries: [String: Entry] = [:]
  private(set) var friends: [String: Instant] = [:]

  /// Milliseconds until the next try at the account from the address is looked at; 0: at once.
  func wait(account: String, address: String, now: Instant) -> Int64 {
    subjects(account, address, now).map { wait($0, now) }.max() ?? 0
  }

  func wait(_ subject: Subject, _ now: Instant) -> Int64 {
    // A clock that was ahead when it was counted, and was set right since, keeps nobody out longer.
    min(subject.rule.longest, max(0, (entries[key(subject)]?.until ?? .zero) - now))
  }

  /// Counts a try at a password; the answer is to be told with ``succeeded(account:address:now:)``
  /// or ``takenBack(account:address:now:)``, unless it was wrong.
  mutating func began(account: String, address: String, now: Instant) {
    for subject in subjects(account, address, now) { count(subject, now) }
  }

  /// The password was right: the try is not counted, and the pair is a friend from now on. What
  /// others did to the account stays counted where the pair was a friend already.
  mutating func succeeded(account: String, address: String, now: Instant) {
    for subject in subjects(account, address, now) {
      switch subject {
      case .account, .friend: entries[key(subject)] = nil
      case .address, .tokens: takeBack(subject, now)
      }
    }
    befriend(account: account, address: address, now: now)
  }

  /// The pair signed in, without a try that was counted.
  mutating func befriend(account: String, address: String, now: Instant) {
    friends[key(.friend(account: account, address: address))] = now
    if friends.count > Self.capacity { forgetFriends() }
  }

  /// The password was not looked at: the node had no room.
  mutating func takenBack(account: String, address: String, now: Instant) {
    for subject in subjects(account, address, now) { takeBack(subject, now) }
  }

  /// Counts a wrong token; returns how long the address is told to wait.
  mutating func wrongToken(from address: String, now: Instant) -> Int64 {
    count(.tokens(address), now)
    return wait(.tokens(address), now)
  }

  /// What a restart should not forget.
  func worth(keeping now: Instant) -> SignInGuard {
    var copy = self
    let worst = entries.filter { !isForgotten($0.value, $0.key, now) }
      .sorted { $0.value.failures > $1.value.failures }.prefix(Self.kept)
    copy.entries = Dictionary(uniqueKeysWithValues: worst.map { ($0.key, $0.value) })
    let latest = friends.sorted { $0.value > $1.value }.prefix(Self.kept)
    copy.friends = Dictionary(uniqueKeysWithValues: latest.map { ($0.key, $0.value) })
    return copy
  }

  private func subjects(_ account: String, _ address: String, _ now: Instant) -> [Subject] {
    let friend = Subject.friend(account: account, address: address)
    if let since = friends[key(friend)], abs(now - since) < Self.friendship { return [friend] }
    return [.account(account), .address(address)]
  }

  private mutating func count(_ subject: Subject, _ now: Instant) {
    let key = key(subject)
    var entry = entries[key] ?? Entry(failures: 0, until: .zero, last: now)
    if isForgotten(entry, key, now) { entry.failures = 0 }
    entry.failures += 1
    entry.last = now
    entry.until = now + subject.rule.delay(after: entry.failures)
    entries[key] = entry
    if entries.count > Self.capacity { makeRoom(now) }
  }

  private mutating func takeBack(_ subject: Subject, _ now: Instant) {
    let key = key(subject)
    guard var entry = entries[key] else { return }
    entry.failures -= 1
    entry.until = min(entry.until, entry.last + subject.rule.delay(after: entry.failures))
    entries[key] = entry.failures > 0 ? entry : nil
  }

  /// Half of the room is made at once, so that a flood does not sort the table for each of its tries.
  private mutating func makeRoom(_ now: Instant) {
    entries = entries.filter { !isForgotten($0.value, $0.key, now) }
    guard entries.count > Self.capacity / 2 else { return }
    let worst = entries.sorted {
      ($0.value.failures, $0.value.last) > ($1.value.failures, $1.value.last)
    }
    entries = Dictionary(
      uniqueKeysWithValues: worst.prefix(Self.capacity / 2).map { ($0.key, $0.value) })
  }

  private mutating func forgetFriends() {
    let latest = friends.sorted { $0.value > $1.value }.prefix(Self.capacity / 2)
    friends = Dictionary(uniqueKeysWithValues: latest.map { ($0.key, $0.value) })
  }

  private func isForgotten(_ entry: Entry, _ key: String, _ now: Instant) -> Bool {
    let memory: Int64 = key.hasPrefix("a") || key.hasPrefix("f") ? 24 * 3_600_000 : 3_600_000
    return entry.until <= now && now - entry.last > memory
  }

  private func key(_ subject: Subject) -> String {
    let (kind, text) =
      switch subject {
      case .account(let account): ("a", account)
      case .address(let address): ("p", address)
      case .tokens(let address): ("t", address)
      case .friend(let account, let address): ("f", account + "\u{0}" + address)
      }
    return kind + Digest.sha256(Array(text.utf8)).description.prefix(32)
  }
}

/// How a delay grows.
struct DelayRule: Hashable {
  /// So many failures cost nothing but the last, which costs a second.
  var free: Int
  var longest: Int64

  /// Milliseconds.
  func delay(after failures: Int) -> Int64 {
    let over = failures - free
    return over < 0 ? 0 : min(longest, 1_000 << Int64(min(over, 20)))
  }
}

extension SignInGuard.Subject {
  var rule: DelayRule {
    switch self {
    case .account, .friend: DelayRule(free: 5, longest: 15 * 60_000)
    // An office may share one address.
    case .address: DelayRule(free: 30, longest: 5 * 60_000)
    case .tokens: DelayRule(free: 30, longest: 60_000)
    }
  }
}

/// The address as it is counted.
enum ClientNetwork {
  /// IPv4 as it is, also where it comes mapped into IPv6; of IPv6 the network (/64), since a host
  /// has as many addresses in it as it likes.
  static func of(_ address: String) -> String {
    let plain = address.lowercased().prefix { $0 != "%" }
    guard plain.contains(":") else { return String(plain) }
    if plain.hasPrefix("::ffff:"), plain.contains(".") { return String(plain.dropFirst(7)) }
    let groups = plain.split(separator: ":", omittingEmptySubsequences: false)
    // `::` stands for as many zeros as are missing; at an end it leaves two empty groups.
    let gap = groups.firstIndex { $0.isEmpty } ?? groups.count
    let head = groups[..<gap].prefix(4).map { UInt16($0, radix: 16) ?? 0 }
    let tail = groups[gap...].filter { !$0.isEmpty }.map { UInt16($0, radix: 16) ?? 0 }
    let zeros = max(0, 8 - gap - tail.count)
    let all = head + [UInt16](repeating: 0, count: zeros) + tail
    return all.prefix(4).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
  }
}
