// A roster file with a slip in a table header must not end the process that reads it.

import HelpdeskDomain
import Testing

@Suite struct TOMLHeaderTests {
  @Test(
    "found by Tests/fuzz/run roster: toml++ asserted on the first of these",
    arguments: [
      "[{offices]]", "[[{a}]]", " \t[ ", "[\r\n", "[\u{A0}\u{A0}{", "\u{FEFF}[#x]", "[é]",
    ])
  func aHeaderWithoutAKeyIsNamedByItsLine(_ header: String) {
    #expect(TOMLHeader.lineWithoutKey(in: header) == 1)
    #expect(TOMLHeader.lineWithoutKey(in: "name = \"x\"\n\n\(header)\nx = 1\n") == 3)
  }

  @Test(arguments: [
    "", "a = [1, {b = 2}]", "[a]", "[[offices]]\r\n[ \"b\".c ]\n['d']", "[]", "[_1]\n[-]\n[[0]]",
  ])
  func whatTheReaderTakesOrRefusesIsLeftToIt(_ text: String) {
    #expect(TOMLHeader.lineWithoutKey(in: text) == nil)
  }
}
