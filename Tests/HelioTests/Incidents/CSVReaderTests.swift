// The CSV reader keeps to RFC 4180, counts lines, and goes on after a bad one.

internal import Testing

@testable internal import helio

@Suite struct CSVReaderTests {
  /// All records of a text that arrives in pieces of some size.
  private func records(_ text: String, piece: Int = 1 << 20) throws -> [CSVReader.Record] {
    try records([UInt8](text.utf8), piece: piece)
  }

  private func records(_ bytes: [UInt8], piece: Int = 1 << 20) throws -> [CSVReader.Record] {
    let pieces = stride(from: 0, to: bytes.count, by: piece).map {
      Array(bytes[$0..<min($0 + piece, bytes.count)])
    }
    var reader = CSVReader(MemorySource(pieces))
    var records: [CSVReader.Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test(arguments: [1, 2, 3, 7, 1_000])
  func quotesLineEndsAndEmptyValuesAreReadWhateverThePieces(piece: Int) throws {
    let text = "a,b,c\r\n1,\"x, \"\"y\"\"\",\n,,\n\"\",\"two\r\nlines\",é电话\nlast,,"
    #expect(
      try records(text, piece: piece) == [
        .values(line: 1, ["a", "b", "c"]),
        .values(line: 2, ["1", "x, \"y\"", ""]),
        .values(line: 3, ["", "", ""]),
        .values(line: 4, ["", "two\r\nlines", "é电话"]),
        .values(line: 6, ["last", "", ""]),
      ])
  }

  @Test(arguments: [1, 5, 1_000])
  func emptyLinesArePassedOverAndCounted(piece: Int) throws {
    #expect(
      try records("\n\na\n\r\nb\n\n", piece: piece) == [
        .values(line: 3, ["a"]), .values(line: 5, ["b"]),
      ])
    #expect(try records("").isEmpty)
    #expect(try records("\"\"\n") == [.values(line: 1, [""])])
  }

  @Test(arguments: [1, 2, 3, 1 << 20])
  func aByteOrderMarkIsNoPartOfTheHeader(piece: Int) throws {
    let text = "\u{FEFF}number,x\n1,2\n"
    #expect(try records(text, piece: piece).first == .values(line: 1, ["number", "x"]))
  }

  @Test(arguments: [1, 4, 1_000])
  func aBadLineIsNamedAndTheNextIsRead(piece: Int) throws {
    let text = "a,b\nx\"y,1\nok,2\n\"q\"z,3\nok,4\n"
    let found = try records(text, piece: piece)
    #expect(found.count == 5)
    #expect(found[0] == .values(line: 1, ["a", "b"]))
    #expect(line(ofBad: found[1]) == 2)
    #expect(found[2] == .values(line: 3, ["ok", "2"]))
    #expect(line(ofBad: found[3]) == 4)
    #expect(found[4] == .values(line: 5, ["ok", "4"]))
  }

  @Test(arguments: [1, 6, 1_000])
  func aQuoteThatIsNeverClosedCostsOneLineOnly(piece: Int) throws {
    let found = try records("a,b\n\"open,1\nc,d\ne,f", piece: piece)
    #expect(line(ofBad: found[1]) == 2)
    #expect(found[2...] == [.values(line: 3, ["c", "d"]), .values(line: 4, ["e", "f"])])
  }

  @Test func anOverlongRecordIsBadAndMemoryStaysBounded() throws {
    let long = String(repeating: "x", count: CSVReader.recordBytes + 10)
    let found = try records("a,b\n\"\(long)\nc,d\n", piece: 64 << 10)
    #expect(line(ofBad: found[1]) == 2)
    #expect(found.last == .values(line: 3, ["c", "d"]))
  }

  @Test func bytesThatAreNoTextAreABadLine() throws {
    let found = try records(Array("a,b\n".utf8) + [0x31, 0x2C, 0xFF, 0x0A] + Array("2,3\n".utf8))
    #expect(line(ofBad: found[1]) == 2)
    #expect(found[2] == .values(line: 3, ["2", "3"]))
  }

  private func line(ofBad record: CSVReader.Record) -> Int? {
    if case .bad(let line, _) = record { line } else { nil }
  }
}
