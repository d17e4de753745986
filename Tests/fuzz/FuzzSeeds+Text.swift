// Good inputs of the kinds that people and their tools write.

import HelpdeskDomain
import ReplicaCore

@testable import ClusterTrust

extension FuzzSeeds {
  static var tokens: [(String, [UInt8])] {
    var content = ByteWriter()
    content.text(String(repeating: "0123456789abcdef", count: 2))
    content.text("acme")
    content.varint(2)
    for host in ["paris.acme.example", "2001:db8::1"] {
      content.text(host)
      content.varint(7_440)
    }
    content.raw(Digest.sha256([1]).bytes)
    content.raw([UInt8](repeating: 2, count: InviteID.byteCount))
    content.signed(4_000_000_000_000)
    content.raw([UInt8](repeating: 3, count: InviteSecret.byteCount))
    let text = FuzzTarget.sealed(content.bytes)
    return [
      ("text", Array(text.utf8)), ("spaces", Array(" \(text)\r\n".utf8)),
      ("content", [0] + content.bytes),
    ]
  }

  static var rosters: [(String, [UInt8])] {
    let waves = """
      name = "waves"
      promise = "24/7"
      accept_within = 15
      max_stay = 16
      handover = "start+30"
      fallback = "paris"
      [[offices]]
      code = "paris"
      zone = "Europe/Paris"
      languages = ["fr", "en"]
      [[offices]]
      code = "tokyo"
      zone = "Asia/Tokyo"
      [[shifts]]
      office = "paris"
      start = "09:00"
      end = "18:00"
      days = ["mon", "tue", "wed", "thu", "fri"]
      [[shifts]]
      office = "tokyo"
      start = "22:00"
      hours = 12
      [[holidays]]
      office = "paris"
      date = "2026-12-25"

      """
    let small = """
      name = "test"
      [[shifts]]
      office = "paris"
      zone = "Etc/UTC"
      start = "08:00"
      hours = 12

      """
    let group = small + "[[groups]]\nname = \"network\"\n"
    return texts([("waves", waves), ("small", small), ("group", group)])
  }

  static var logs: [(String, [UInt8])] {
    let header = IncidentColumn.allCases.map(\.rawValue).joined(separator: ",")
    let values = IncidentColumn.allCases.map { column in
      switch column {
      case .number: "INC0000045"
      case .sysModCount: "3"
      case .openedAt, .sysUpdatedAt: "29/2/2016 01:16"
      default: "?"
      }
    }
    let quoted = "number,note\n1,\"a \"\"b\"\",\nc\"\r\n\n2,\"\"\n3,\"open"
    return texts([
      ("log", "\u{7}" + header + "\n" + values.joined(separator: ",") + "\r\n"),
      ("quoted", "\u{1}" + quoted), ("mark", "\u{2}\u{FEFF}number\n1"),
    ])
  }

  static var bodies: [(String, [UInt8])] {
    texts([
      (
        "ticket",
        """
        {"ticket": {"subject": "Le téléphone", "comment": {"body": "x", "public": false},
        "priority": "high", "tags": ["a", "b"], "due_at": "2026-09-18T23:25:58Z",
        "requester": {"name": "Ana", "email": "ana@acme.example"}, "assignee_id": null,
        "custom_fields": [{"id": 20001, "value": ["x", 1.5]}], "safe_update": true,
        "updated_stamp": "2026-09-18T23:25:58.5+02:00", "home_office": "paris"}}
        """
      ),
      ("html", #"{"ticket": {"comment": {"html_body": "<p>a &amp; b<br>&#233;</p>"}}}"#),
      ("numbers", #"[-1, 9223372036854775807, 1e300, 0.1, true, null, "\u00e9\ud83d\ude00"]"#),
      ("fields", #"{"fields": {"20001": {"a": []}}, "additional_tags": "a, b", "version": "AQU"}"#),
    ])
  }

  static var queries: [(String, [UInt8])] {
    texts([
      ("usual", "type:ticket status<solved priority:high tags:vip created>2026-01-01 assignee:me"),
      ("words", "\"exact words\" -word 电话 téléphone*"),
      ("relative", "created>2hours updated<=1weeks due<2026-12-01 -tags:vip"),
      ("people", "type:user role:agent email:ana@acme.example name:\"Ana B\" -organization:none"),
    ])
  }

  private static func texts(_ texts: [(String, String)]) -> [(String, [UInt8])] {
    texts.map { ($0, Array($1.utf8)) }
  }
}
