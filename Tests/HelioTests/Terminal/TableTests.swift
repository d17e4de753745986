// Tables line up on a terminal, whatever is in them.

internal import Testing

@testable internal import helio

@Suite struct TableTests {
  @Test func columnsLineUpAlsoWithWideAndAccentedText() {
    var table = Table([.left("NAME"), .right("LAG"), .left("STATE")])
    table.add(["东京一号", "7", "connected"])
    table.add(["genève", "1234", "self"])
    #expect(
      table.rendered(.plain) == """
        NAME       LAG  STATE
        东京一号     7  connected
        genève    1234  self
        """)
  }

  @Test func aFlexibleColumnGivesWayAndNothingElseDoes() {
    var table = Table([.left("ID"), .flexible("SUBJECT"), .left("OWNER")])
    table.add(["1", Table.Cell(String(repeating: "long", count: 20)), "singapore"])
    let lines = table.rendered(.plain, width: 40).split(separator: "\n")
    for line in lines { #expect(Printable.width(String(line)) <= 40) }
    #expect(lines.last?.hasSuffix("…  singapore") == true)
    #expect(table.rendered(.plain).contains("longlong  singapore") == true)
  }

  @Test func coloursWrapTheTextAndNotTheSpace() {
    var table = Table([.left("A"), .left("B")])
    table.add([Table.Cell("x", .bad), "y"])
    table.add(["long", "z"])
    #expect(table.rendered(Style(isColoured: true)).contains("\u{1B}[31mx\u{1B}[0m     y"))
  }

  @Test func whatCustomersWriteDoesNotSteerTheTerminal() {
    var table = Table([.left("SUBJECT")])
    table.add([Table.Cell("a\u{1B}[2Jb\r\nc\u{202E}d\u{9B}0m")])
    let text = table.rendered(.plain)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(text.contains("a\\u{1b}[2Jb c\\u{202e}d\\u{9b}0m"))
    #expect(Printable.text("a\r\nb\tc\u{7}") == "a\nb\tc\\u{7}")
  }

  @Test func shorteningCutsBetweenCharacters() {
    #expect(Printable.shortened("电话坏了", to: 5) == "电话…")
    #expect(Printable.shortened("abc", to: 3) == "abc")
    #expect(Printable.shortened("abcd", to: 3) == "ab…")
  }

  @Test func coloursAreForTerminalsThatWantThem() {
    #expect(Style.wantsColour(isTerminal: true, environment: ["TERM": "xterm"]))
    #expect(!Style.wantsColour(isTerminal: false, environment: [:]))
    #expect(!Style.wantsColour(isTerminal: true, environment: ["NO_COLOR": "1"]))
    #expect(Style.wantsColour(isTerminal: true, environment: ["NO_COLOR": ""]))
    #expect(!Style.wantsColour(isTerminal: true, environment: ["TERM": "dumb"]))
  }
}

@Suite struct ProgressTests {
  private func standing(_ done: Int64, _ seconds: Double) -> Progress.Standing {
    .init(done: done, total: 1_000, items: Int(done) * 10, seconds: seconds)
  }

  @Test func aTerminalGetsABarWithRateAndRemainingTime() {
    var progress = Progress("Importing", unit: "rows", isTerminal: true)
    let text = progress.update(standing(250, 10), width: 100)
    #expect(text?.hasPrefix("\rImporting █") == true)
    #expect(text?.contains("25 %, 2500 rows, 250 rows/s, 30 s left") == true)
    #expect(progress.update(standing(251, 10.01), width: 100) == nil)
    #expect(
      progress.update(standing(1_000, 10.02), width: 100, isLast: true)?.hasSuffix("\n") == true)
  }

  @Test func aLogGetsALineEveryFewSeconds() {
    var progress = Progress("Importing", unit: "rows", isTerminal: false)
    #expect(progress.update(standing(1, 1), width: 80)?.contains("\r") == false)
    #expect(progress.update(standing(2, 5), width: 80) == nil)
    #expect(progress.update(standing(3, 6.1), width: 80)?.hasSuffix("left\n") == true)
  }

  @Test func spansAreReadAndWritten() {
    #expect(Span.seconds("30m") == 1_800)
    #expect(Span.seconds("90d") == 7_776_000)
    for wrong in ["", "m", "0s", "-1h", "1.5h", "1y", "99999999999999999w", "٣m"] {
      #expect(Span.seconds(wrong) == nil, "\(wrong)")
    }
    #expect(Span.text(seconds: 0) == "0 s")
    #expect(Span.text(seconds: 59) == "59 s")
    #expect(Span.text(seconds: 3_600) == "1 h")
    #expect(Span.text(seconds: 90_000) == "1 d 1 h")
    #expect(Span.text(seconds: 125) == "2 min 5 s")
  }
}
