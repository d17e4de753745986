// HTML that comes in is kept as text: no word and no address is lost, nothing of it can run.

import Testing

@testable import AgentAPI

@Suite struct HTMLTextTests {
  @Test(arguments: [
    ("<a href='https://e.example'>link</a>", "link (https://e.example)"),
    (
      #"<p>See <A HREF="https://e.example/a?b=1&amp;c=2">here</A>.</p>"#,
      "See here (https://e.example/a?b=1&c=2)."
    ),
    ("<a class=x href=http://e.example>e.example</a>", "e.example"),
    ("<a href='https://e.example/'>https://e.example</a>", "https://e.example"),
    ("<a href='mailto:ana@e.example'>ana@e.example</a>", "ana@e.example"),
    ("<a href='mailto:ana@e.example'>Ana</a>", "Ana (mailto:ana@e.example)"),
    ("<a href='https://e.example'><img src=x></a>", "https://e.example"),
    ("<a href='https://e.example'><b>bold</b> link", "bold link (https://e.example)"),
    (
      "<a href='https://a.example'>a<a href='https://b.example'>b</a>",
      "a (https://a.example)b (https://b.example)"
    ),
    ("<a href='javascript:alert(1)'>link</a>", "link"), ("<a href='/local'>link</a>", "link"),
    ("<a href='https:'>link</a>", "link"), ("<a name=x>link</a>", "link"), ("<a>link</a>", "link"),
    ("<a href='https://e.example/a b'>link</a>", "link (https://e.example/a%20b)"),
    ("<a href=>link</a>", "link"),
    ("<abbr href='https://e.example'>short</abbr>", "short"),
    ("<a href='https://e.example'>link</a", "link</a (https://e.example)"),
  ])
  func theAddressOfALinkStays(html: String, text: String) {
    #expect(HTMLText.plain(html) == text)
  }

  @Test func blocksAreLinesAndScriptsAreGone() {
    #expect(
      HTMLText.plain("<p>One<br>two</p><script>bad()</script><div>&lt;three&gt;</div>")
        == "One\ntwo\n<three>")
  }
}
