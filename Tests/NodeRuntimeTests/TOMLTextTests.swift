// A roster file that is wrong is refused; it used to end the node ("[$" was enough).

import Foundation
import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

@Suite struct TOMLTextTests {
  struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  @Test(arguments: [
    "[$", "[{}]", "[.a]", "[\n", "[[{", "[", "[[", "a = 1\n[$]", "# [x\n[$]", "a = [[1], [2]]\n[$]",
    "a = '''\n[$]\n'''\n[ $]", "a = \"\\\"\"\n[$]", "a = \"\"\"x\\\"\"\"\"\n[$]", "\u{FEFF}[$]",
    "a = { b = [1] }\n\t[\u{A0}$]", "a = [1,}", "a = {b = 1]", "}", "a = [[1}]",
    "a = 1840-03-36 6##", "a = [1840-03-36 6]", "o =1%a0-03-36 6\t", "a = 1840-03-3\" 6#",
    "a=1840_-03-3= 6,", "a = 1 }",
    "[{offices]]", "[[{a}]]", " \t[ ", "[\r\n", "[\u{A0}\u{A0}{", "\u{FEFF}[#x]", "[é]",
    "a = [\n  [1],\n]\n[$]", "a = ''\n[$]", "\u{2028}[$]",
  ])
  func whatWouldEndTheProcessIsRefused(text: String) {
    #expect(throws: TOMLText.TextFault.self) { try TOMLText(text).decode(Anything.self) }
  }

  @Test(arguments: [
    "", "[a]\n[[b.c]]\n[ \"d e\" ]\n['f']", "a = [\n  [1],\n  [ [2] ],\n]",
    "a = \"[$]\" # [$]\n[b]", "a = \"\"\"\n[$]\n\"\"\"\nb = '''\n[$]\n'''",
    "a = 2026-01-01 # 1\nb = 2026-01-01T10:00:00Z\n2026-01-01 = 2026-01-01",
    "a = [ { b = 1 },\n { b = 2 } ]\r\n[c]\r\n",
  ])
  func whatIsTOMLIsRead(text: String) throws {
    _ = try TOMLText(text).decode(Anything.self)
  }

  @Test(arguments: [
    ("[[offices]]\ncode = 7", "offices[0].code: must be a text in quotes"),
    ("[[shifts]]\nstart = '08:00'\nhours = 8", "shifts[0].office: "),
    ("offices = 'paris'", "offices: must be a list, such as [\"a\", \"b\"]"),
    ("[[shifts]]\noffice = 'a'\nstart = 'noon'\nhours = 8", "shifts[0].start: "),
    ("name = ", "line 1, column "), ("[$]", "line 1: "),
  ])
  func aRosterThatCannotBeReadIsToldPlainly(text: String, words: String) {
    let error = #expect(throws: (any Error).self) { try TOMLText(text).decode(RosterRules.self) }
    let told = error.map(FileFault.words) ?? ""
    #expect(told.hasPrefix(words), "\(told)")
    #expect(!told.contains("DecodingError") && !told.contains("CodingKeys"))
  }

  @Test func aSettingOfAnotherKindIsNamed() throws {
    let root = NSTemporaryDirectory() + "helio-\(UInt32.random(in: 0 ... .max))"
    let directory = DataDirectory(root)
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let configuration = NodeConfiguration(
      cluster: "acme", clusterID: "c", node: "paris-1", office: OfficeID("paris"), slot: Slot(1),
      listen: ListenOptions(peerListen: "127.0.0.1:1", apiListen: "127.0.0.1:2"))
    try configuration.save(to: directory)
    #expect(try NodeConfiguration.load(from: directory) == configuration)
    let text = try String(contentsOfFile: directory.configuration, encoding: .utf8)
    try ("webhook_allow = '127.0.0.1'\n" + text).write(
      toFile: directory.configuration, atomically: true, encoding: .utf8)
    let error = #expect(throws: NodeError.self) { try NodeConfiguration.load(from: directory) }
    let cause = error?.cause ?? ""
    #expect(cause.hasPrefix("webhook_allow: must be a list"), "\(cause)")
  }

  @Test func theLineIsNamed() {
    let error = #expect(throws: TOMLText.TextFault.self) {
      try TOMLText("a = '''\n\n'''\n[b]\n[$]").decode(Anything.self)
    }
    #expect(error?.line == 5)
  }
}
