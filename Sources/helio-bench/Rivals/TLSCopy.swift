// Sending a file over TLS 1.3 on loopback by the same network library: the least a bootstrap costs.

internal import ClusterTrust
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NodeRuntime

/// Copies a file through a TLS connection to itself.
enum TLSCopy {
  private static let chunk = 256 << 10

  /// Seconds from the first byte until the last is on the receiver's disk.
  static func seconds(_ source: String, to target: String, keysOf directory: String) async throws
    -> Double
  {
    let done = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Void.self)
    let size = try Workbench.bytes(source)
    guard FileManager.default.createFile(atPath: target, contents: nil),
      let output = FileHandle(forWritingAtPath: target)
    else { throw BenchFailure("\(target) cannot be written") }
    let server = try await listen(directory) {
      FileReceiver(output, expecting: size, done: done)
    }
    let client = try await connect(server)
    let watch = Stopwatch()
    try await send(source, on: client)
    try await done.futureResult.get()
    let seconds = watch.seconds
    try await client.close()
    try await server.close()
    return seconds
  }

  private static func listen(
    _ directory: String, _ receiver: @escaping @Sendable () -> FileReceiver
  ) async throws -> any Channel {
    let files = DataDirectory(directory)
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(files.apiCertificate)
        .map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: files.apiKey.path, format: .pem)))
    tls.minimumTLSVersion = .tlsv13
    let context = try NIOSSLContext(configuration: tls)
    return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          try channel.pipeline.syncOperations.addHandler(receiver())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  private static func connect(_ server: any Channel) async throws -> any Channel {
    guard let address = server.localAddress else { throw BenchFailure("no address to copy to") }
    var tls = TLSConfiguration.makeClientConfiguration()
    // What is measured is the copying; both ends are this very process.
    tls.certificateVerification = .none
    let context = try NIOSSLContext(configuration: tls)
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: nil))
        }
      }
      .connect(to: address).get()
  }

  private static func send(_ path: String, on channel: any Channel) async throws {
    guard let input = FileHandle(forReadingAtPath: path) else {
      throw BenchFailure("\(path) cannot be read")
    }
    defer { try? input.close() }
    while let data = try input.read(upToCount: chunk), !data.isEmpty {
      try await channel.writeAndFlush(ByteBuffer(bytes: data))
    }
  }
}

/// Writes what arrives, and syncs the file at its end.
private final class FileReceiver: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let file: FileHandle
  private var missing: Int
  private let done: EventLoopPromise<Void>

  init(_ file: FileHandle, expecting bytes: Int, done: EventLoopPromise<Void>) {
    self.file = file
    self.done = done
    missing = bytes
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    do {
      try file.write(contentsOf: Data(buffer.readableBytesView))
      missing -= buffer.readableBytes
      guard missing <= 0 else { return }
      try file.synchronize()
      done.succeed()
    } catch { done.fail(error) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    done.fail(error)
    context.close(promise: nil)
  }
}
