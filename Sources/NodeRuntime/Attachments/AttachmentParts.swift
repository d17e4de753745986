// Everything of a node that has to do with attached files, built in one place.

internal import Logging
internal import ReplicaCore
internal import ReplicaStore

/// Files on the disk, who knows what is lacking, and who exchanges them with peers.
struct AttachmentParts: Sendable {
  /// Between two looks for connections to open, in milliseconds.
  private static let beat: Int64 = 500
  /// Commits that follow each other so closely are looked at together, in milliseconds.
  private static let pause: Int64 = 50
  /// Beats between two rounds for what expired, and between two rounds over everything.
  private static let tidyBeats = (some: 60, all: 7_200)

  let keeper: AttachmentKeeper
  let hub: BulkHub
  private let nudges: AsyncStream<Void>
  private let post: AsyncStream<Void>.Continuation

  var blobs: BlobStore { keeper.blobs }
  var uploads: UploadBook { keeper.uploads }
  var disk: DiskWork { keeper.disk }

  init(keeper: AttachmentKeeper, hub: BulkHub) {
    self.keeper = keeper
    self.hub = hub
    (nudges, post) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Something was committed: rows of files may be among it.
  func nudge() { post.yield() }

  func run() async {
    await keeper.onGrowth { [hub] in await hub.offer() }
    post.yield()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in nudges {
          await keeper.look()
          await hub.beat()
          try? await Task.sleep(for: .milliseconds(Self.pause))
        }
      }
      group.addTask { await beats() }
      await group.waitForAll()
    }
    await hub.stop()
  }

  private func beats() async {
    var count = 0
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(Self.beat))
      await hub.beat()
      count += 1
      // The first round over everything clears what a crash left.
      let everything = count == 20 || count % Self.tidyBeats.all == 0
      if everything || count % Self.tidyBeats.some == 0 {
        await keeper.tidy(everything: everything)
      }
    }
  }
}
