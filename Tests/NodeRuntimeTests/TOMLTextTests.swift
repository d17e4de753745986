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
    "a = { b = [1] }\n\t[\u{A0}$]", "a = [1,}", "a = {b = 1]", "}", "a = [[1}]", "a = 1 }",
    "a = [\n  [1],\n]\n[$]", "a = ''\n[$]", "\u{2028}[$]",
  ])
  func bracketsThatWouldEndTheProcessAreRefused(text: String) {
    #expect(throws: TOMLText.BracketFault.self) { try TOMLText(text).decode(Anything.self) }
  }

  @Test(arguments: [
    "", "[a]\n[[b.c]]\n[ \"d e\" ]\n['f']", "a = [\n  [1],\n  [ [2] ],\n]",
    "a = \"[$]\" # [$]\n[b]", "a = \"\"\"\n[$]\n\"\"\"\nb = '''\n[$]\n'''",
    "a = [ { b = 1 },\n { b = 2 } ]\r\n[c]\r\n",
  ])
  func whatIsTOMLIsRead(text: String) throws {
    _ = try TOMLText(text).decode(Anything.self)
  }

  @Test func theLineIsNamed() {
    let error = #expect(throws: TOMLText.BracketFault.self) {
      try TOMLText("a = '''\n\n'''\n[b]\n[$]").decode(Anything.self)
    }
    #expect(error?.line == 5)
  }
}
