// Who sees and who changes what is shared, a group's, or one person's.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct RestrictionTests {
  private let me = RowID(10_001)
  private let other = RowID(20_001)
  private let group = RowID(30_001)

  @Test func itIsReadBackAsItWasWritten() {
    for each: Restriction in [
      .everybody, .user(me), .groups([group]), .groups([group, other]),
    ] {
      #expect(Restriction(each.value) == each)
    }
  }

  @Test(arguments: [
    "", "user", "user:", "user:1,2", "user:x", "groups:", "groups:1,x", "team:1", "everybody",
  ])
  func whatIsNotUnderstoodIsShownToNobody(_ text: String) {
    let read = Restriction(.text(text))
    #expect(read == .unknown)
    #expect(!read.shows(to: me, in: [group]))
    #expect(!read.mayBeChanged(by: me, .agent))
    #expect(read.mayBeChanged(by: me, .lead))
  }

  @Test func itIsShownToThoseWhomItNames() {
    #expect(Restriction.everybody.shows(to: me, in: []))
    #expect(Restriction.user(me).shows(to: me, in: []))
    #expect(!Restriction.user(other).shows(to: me, in: [group]))
    #expect(Restriction.groups([other, group]).shows(to: me, in: [group]))
    #expect(!Restriction.groups([other]).shows(to: me, in: [group]))
  }

  @Test(arguments: Role.allCases)
  func sharedOnesAreTheLeadsAndPersonalOnesTheirOwners(_ role: Role) {
    let isLead = role == .lead || role == .admin
    let isAgent = isLead || role == .agent
    #expect(Restriction.everybody.mayBeChanged(by: me, role) == isLead)
    #expect(Restriction.groups([group]).mayBeChanged(by: me, role) == isLead)
    #expect(Restriction.user(me).mayBeChanged(by: me, role) == isAgent)
    #expect(!Restriction.user(other).mayBeChanged(by: me, role))
  }
}
