// Two nodes on loopback with real TLS: what is sent arrives, and what must end a link ends it.

import NIOCore
import ReplicaCore
import Testing

@testable import SyncTransport

@Suite(.serialized, .timeLimit(.minutes(3))) struct LinkTests {
  @Test func everyMessagePassesBothWays() async throws {
    let seen = Box<SyncMessage>()
    try await Harness.run(onPeer: { connection in
      #expect(connection.direction == .accepted)
      #expect(connection.peer.leaf == TestNode.tokyo.leaf)
      for try await message in connection.inbound {
        seen.put(message)
        try await connection.send(message)
      }
    }) { harness in
      let client = harness.client()
      try await harness.dialer(client).dial { connection in
        #expect(connection.peer.leaf == TestNode.paris.leaf)
        #expect(connection.remoteAddress == "\(harness.endpoint)")
        var back = connection.inbound.makeAsyncIterator()
        for message in Samples.all {
          try await connection.send(message)
          #expect(try await back.next() == message)
        }
        let batches = connection.counters[.batch, .sent]
        #expect(batches.frames == 2)
        #expect(connection.counters[.batch, .received] == batches)
      }
      #expect(seen.all == Samples.all)
      #expect(client.totals.total(.sent).frames == UInt64(Samples.all.count))
      #expect(harness.transport.totals.total(.received) == client.totals.total(.sent))
      #expect(client.totals.all.count == 2 * FrameKind.allCases.count)
    }
  }

  @Test func theKernelWatchesForDeadMachines() async throws {
    try await Harness.run(onPeer: Harness.echo) { harness in
      let link = try await harness.dialer(harness.client()).open(.sync) { _, _ in .admitted }
      try await link.run { _, _ in
        for (option, value) in PeerSocket.options(LinkTimeouts()) {
          let set = try await link.control.channel.getOption(option).get()
          #expect(set >= value)
        }
      }
    }
  }

  @Test func aSecondReaderGetsNothing() async throws {
    try await Harness.run(onPeer: Harness.echo) { harness in
      try await harness.dialer(harness.client()).dial { connection in
        _ = connection.inbound.makeAsyncIterator()
        var second = connection.inbound.makeAsyncIterator()
        let nothing = try await second.next()
        #expect(nothing == nil)
      }
    }
  }

  @Test func messagesOfOneTaskKeepTheirOrder() async throws {
    try await Harness.run(onPeer: Harness.echo) { harness in
      try await harness.dialer(harness.client()).dial { connection in
        async let received = {
          var digests: [UInt64] = []
          for try await message in connection.inbound {
            if case .summary(let digest, _) = message { digests.append(digest) }
            if digests.count == 2_000 { break }
          }
          return digests
        }()
        for number in 0..<2_000 {
          try await connection.send(.summary(digest: UInt64(number), fingerprint: 0))
        }
        #expect(try await received == Array(0..<2_000))
      }
    }
  }

  @Test func theLastWordIsHeard() async throws {
    let last = Box<SyncMessage>()
    try await Harness.run(onPeer: { connection in
      try await connection.send(.bucketsRequest)
      for try await message in connection.inbound { last.put(message) }
    }) { harness in
      try await harness.dialer(harness.client()).dial { connection in
        var words = connection.inbound.makeAsyncIterator()
        #expect(try await words.next() == .bucketsRequest)
        try await connection.send(.bye(.shuttingDown, "good night"))
      }
      await eventually("the farewell arrives") { last.all == [.bye(.shuttingDown, "good night")] }
    }
  }

  @Test func linksOfARemovedKeyCloseAtOnce() async throws {
    let ends = Box<PeerLinkError>()
    try await Harness.run(onPeer: { connection in
      if let error = await linkError({ for try await _ in connection.inbound {} }) {
        ends.put(error)
      }
    }) { harness in
      try await withThrowingTaskGroup { group in
        for _ in 0..<3 {
          group.addTask {
            let error = await linkError {
              try await harness.dialer(harness.client()).dial { connection in
                for try await _ in connection.inbound {}
                throw PeerLinkError.closedByPeer("in an orderly way")
              }
            }
            #expect(error?.code == "closed_by_peer")
          }
        }
        await eventually("three links") { harness.transport.links.peers().count == 3 }
        let start = ContinuousClock.now
        let strangers = harness.transport.links.closeAll(reason: "removed") { $0.leaf.isEmpty }
        #expect(strangers == 0)
        let closed = harness.transport.links.closeAll(reason: "removed") {
          $0.leaf == TestNode.tokyo.leaf
        }
        #expect(closed == 3)
        try await group.waitForAll()
        #expect(ContinuousClock.now - start < .seconds(5))
      }
      await eventually("the handlers are told") { ends.all.count == 3 }
      #expect(ends.all.allSatisfy { $0 == .closed("removed") })
      await eventually("no link is listed") { harness.transport.links.peers().isEmpty }
    }
  }

  @Test func aRemovedPeerThatDoesNotReadIsClosedToo() async throws {
    try await Harness.run(onPeer: { connection in
      while true { try await connection.send(Samples.chunk(256 << 10)) }
    }) { harness in
      let link = try await harness.dialer(harness.client()).open(.sync) { _, _ in .admitted }
      try await link.run { _, _ in
        await eventually("it is listed") { harness.transport.links.peers().count == 1 }
        try await Task.sleep(for: .milliseconds(500))
        harness.transport.links.closeAll(reason: "removed")
        await eventually(within: .seconds(5), "it is closed") {
          harness.transport.links.peers().isEmpty
        }
      }
      await eventually("the handler ended") { harness.logs.has("closed here: removed") }
    }
  }

  @Test func aSlowReaderHoldsBackTheSender() async throws {
    let mayRead = Box<Bool>()
    let (count, size) = (400, 256 << 10)
    try await Harness.run(onPeer: { connection in
      while mayRead.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
      var read = 0
      for try await _ in connection.inbound {
        read += 1
        if read == count { try await connection.send(.bucketsRequest) }
      }
    }) { harness in
      let client = harness.client()
      try await harness.dialer(client).dial { connection in
        try await withThrowingTaskGroup { group in
          group.addTask {
            for _ in 0..<count { try await connection.send(Samples.chunk(size)) }
          }
          var before = UInt64.max
          while client.totals.total(.sent).frames != before {
            before = client.totals.total(.sent).frames
            try await Task.sleep(for: .milliseconds(400))
          }
          // What the kernel's socket buffers hold (up to 36 MiB), the upper mark, and four frames
          // at the reader.
          #expect(before < 200)
          #expect(harness.transport.totals.total(.received).frames == 0)
          mayRead.put(true)
          try await group.waitForAll()
        }
        var back = connection.inbound.makeAsyncIterator()
        #expect(try await back.next() == .bucketsRequest)
      }
      #expect(harness.transport.totals[.snapshotChunk, .received].frames == UInt64(count))
    }
  }

  @Test func whatWaitsForOnePeerIsBounded() async throws {
    try await Harness.run(onPeer: { connection in
      try await Task.sleep(for: .seconds(60))
      _ = connection
    }) { harness in
      try await harness.dialer(harness.client()).dial { connection in
        let failures = Box<PeerLinkError>()
        await withTaskGroup { group in
          for _ in 0..<60 {
            group.addTask {
              let error = await linkError { try await connection.send(Samples.chunk(1 << 20)) }
              if let error { failures.put(error) }
            }
          }
          await eventually("some are turned away") {
            failures.all.contains { $0.code == "outbound_full" }
          }
          connection.close("enough")
        }
        // Whether any send was still waiting at the close is the sockets' affair; a later one is
        // told why the link ended.
        var later: PeerLinkError?
        for _ in 0..<500 where later != .closed("enough") {
          later = await linkError { try await connection.send(Samples.chunk(1)) }
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(later == .closed("enough"))
      }
    }
  }

  @Test func aPauseOfTheReaderIsNotThePeersFault() async throws {
    let timeouts = LinkTimeouts.with {
      $0.stall = .seconds(1)
    }
    let (count, read) = (40, Box<Int>())
    try await Harness.run(
      timeouts: timeouts,
      onPeer: { connection in
        try await Task.sleep(for: .milliseconds(2_500))
        var number = 0
        for try await _ in connection.inbound {
          number += 1
          if number == count { read.put(number) }
        }
      }
    ) { harness in
      try await harness.dialer(harness.client()).dial { connection in
        for _ in 0..<count { try await connection.send(Samples.chunk(64 << 10)) }
        await eventually("all arrive after the pause") { read.all == [count] }
      }
    }
  }
}
