// A roster file that is wrong is refused; it used to end the node ("[$" was enough).

import HelpdeskDomain
import NodeRuntime
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

  @Test func theLineIsNamed() {
    let error = #expect(throws: TOMLText.TextFault.self) {
      try TOMLText("a = '''\n\n'''\n[b]\n[$]").decode(Anything.self)
    }
    #expect(error?.line == 5)
  }
}
