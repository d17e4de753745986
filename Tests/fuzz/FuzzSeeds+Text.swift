// Good inputs of the kinds that people and their tools write.

import HelpdeskDomain
import ReplicaCore

@testable import AgentAPI
@testable import ClusterTrust
@testable import ReplicaStore

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
    ]) + texts(setups)
  }

  /// Bodies that set a desk up, and rows of another desk.
  private static let setups = [
    (
      "view",
      """
      {"view": {"title": "Mine", "all": [
        {"field": "status", "operator": "less_than", "value": "solved"},
        {"field": "assignee_id", "operator": "is", "value": "current_user"},
        {"field": "created_at", "operator": "greater_than", "value": 24},
        {"field": "custom_fields_20001", "operator": "includes", "value": ["a", true, 7]}],
        "any": [{"field": "helio_owner", "operator": "is", "value": "current_office"},
        {"field": "current_tags", "operator": "not_includes", "value": "vip,new"}],
        "output": {"columns": ["id", 20001, {"id": "status"}], "group_by": "priority",
        "sort_by": "updated_at", "sort_order": "desc"},
        "restriction": {"type": "Group", "ids": [30001]}}}
      """
    ),
    (
      "macro",
      """
      {"macro": {"title": "Solve", "actions": [{"field": "status", "value": "solved"},
        {"field": "comment_value", "value": ["channel:all", "Dear {{ticket.requester.name}}"]},
        {"field": "current_tags", "value": "done"},
        {"field": "assignee_id", "value": "current_user"},
        {"field": "custom_fields_20001", "value": null}]}}
      """
    ),
    (
      "webhook",
      """
      {"webhook": {"name": "Pager", "endpoint": "https://pager.example/in", "status": "active",
        "subscriptions": ["helio:alarm.*", "zen:event-type:ticket.created"]}}
      """
    ),
    (
      "rows",
      """
      {"rows": [{"line": 1, "row": {"id": 35, "subject": "Pump", "status": "solved",
        "created_at": "2026-01-02T03:04:05Z", "requester_id": 9, "collaborator_ids": [1, 2],
        "custom_fields": [{"id": 7, "value": ["x"]}], "metric_set": {"solved_at": null},
        "comments": [{"id": 1, "author_id": 9, "html_body": "<b>x</b>", "public": false}]}},
        {"line": 2, "row": {"id": 4, "user_id": 9, "group_id": 3, "ticket_id": 35, "body": "x",
        "name": "Ana", "email": "ana@acme.example", "role": "agent", "suspended": true,
        "actions": [{"field": "status", "value": "open"}],
        "restriction": {"type": "User", "id": 9}}}]}
      """
    ),
    (
      "import",
      """
      {"ticket": {"subject": "Old", "created_at": "2020-01-02T03:04:05Z", "comments": [
        {"value": "first", "author_id": 10001, "created_at": "2020-01-02T03:04:05Z"}]}}
      """
    ),
  ]

  /// One line for each of their readers.
  static var lines: [(String, [UInt8])] {
    let place = AppliedPlace(applied: 12, id: RowID(10_001))
    let vector = VersionVector([Slot(1): 5, Slot(7): 300])
    return texts([
      ("query", "page=2&per_page=50&ids=10001,20001&include=users%2Cgroups&start_time=1790000000"),
      ("export-cursor", ExportCursor(slot: 7, stream: .tickets, place: place).text),
      ("list-cursor", PageCursor(order: "updated_at", key: 1_790, id: RowID(10_001)).text),
      ("view-cursor", PageCursor(order: "view status true 3", key: -2, id: RowID(10_001)).text),
      ("version", TicketVersion(vector: vector).wire), ("conflict", "6-10001-2-0"),
      ("range", "bytes=2-4"), ("range-end", "bytes=-500"), ("range-over", "bytes=0-99"),
      ("event", "7.1200"),
      ("basic", "Basic YW5hQGFjbWUuZXhhbXBsZS90b2tlbjpz"), ("bearer", "Bearer s3cret"),
      ("type", "text/plain; charset=utf-8"),
      ("receiver", "https://Pager.Example:8443/in?a=b"), ("receiver-six", "http://[2001:DB8::1]/x"),
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
