// Where no notice goes, and how long one is tried.

import NIOCore
import Testing

@testable import NodeRuntime

@Suite struct ReceiverRuleTests {
  private let rule = ReceiverRule(allowed: ["hooks.internal", "127.0.0.9"])

  @Test(arguments: [
    "127.0.0.1", "127.255.0.1", "0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255", "::1",
    "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "fe80::1", "ff02::1", "localhost", "api.localhost", "fd00:ec2::254",
    "fd20:ce::254", "100.100.100.200", "::ffff:192.0.0.192",
  ])
  func nothingIsSentHere(_ host: String) { #expect(rule.refusal(ofHost: host) != nil) }

  @Test(arguments: [
    "10.1.2.3", "192.168.0.9", "172.16.0.1", "8.8.8.8", "2001:db8::1", "fd00::1", "pager.example",
    "hooks.internal", "127.0.0.9",
  ])
  func noticesMayGoHere(_ host: String) { #expect(rule.refusal(ofHost: host) == nil) }

  @Test func pausesGrowAndEnd() {
    #expect((1...4).map { NoticeSender.pause(after: $0) } == [5_000, 15_000, 45_000, 135_000])
    #expect(NoticeSender.pause(after: 50) == 3_600_000)
  }

  @Test func theSignatureIsThatOfOpenSSL() {
    // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
    #expect(
      WebhookPoster.signature("key", "1700000000", #"{"a":1}"#)
        == "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03")
  }
}
