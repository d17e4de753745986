// One user's event streams are few, and each ends with its answer.

import ReplicaCore
import Testing

@testable import AgentAPI

@Suite struct OpenStreamTests {
  @Test func oneUserHasSoManyAndOthersHaveTheirOwn() {
    let streams = OpenStreams()
    let ann = RowID(10_007)
    var places = (0..<APILimits.eventStreams).map { _ in streams.enter(ann) }
    #expect(places.allSatisfy { $0 != nil })
    #expect(streams.enter(ann) == nil)
    #expect(streams.enter(RowID(20_007)) != nil)
    places.removeLast()
    #expect(streams.enter(ann) != nil)
    // That one was held by nobody, so there is room again.
    #expect(streams.enter(ann) != nil)
    #expect(places.count == APILimits.eventStreams - 1)
  }

  @Test func aStreamIsCountedNoLongerThanItIsOpen() async throws {
    try await APIFixture().run { api in
      // The stream of this desk ends by itself.
      for _ in 0...APILimits.eventStreams {
        let answer = try await api.get("/api/helio/v1/events")
        #expect(answer.status == 200)
      }
    }
  }
}
