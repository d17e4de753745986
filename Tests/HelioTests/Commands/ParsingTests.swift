// Every command line of the documentation is understood, and wrong ones are told why.

internal import ArgumentParser
internal import Testing

@testable internal import helio

@Suite struct ParsingTests {
  static let good: [(line: String, type: String)] = [
    ("init --cluster acme --office paris --zone Europe/Paris", "InitCommand"),
    (
      "init --cluster acme --office paris --zone Europe/Paris --languages fr,en --node p1 "
        + "--peer-listen 0.0.0.0:7440 --peer-address p:7440 --api-listen [::1]:7480 "
        + "--api-name a.example --api-name 10.0.0.1 --drill --data /d --json", "InitCommand"
    ),
    (
      "init --cluster a --office p --zone UTC --api-cert c.pem --api-key k.pem "
        + "--root-passphrase-file f", "InitCommand"
    ),
    ("join TOKEN --node t1 --peer-address t:7440", "JoinCommand"),
    ("serve --drill-offset -3600 --peer a-1=127.0.0.1:1 --peer b-1=[::1]:2", "ServeCommand"),
    ("doctor --json", "DoctorCommand"),
    ("status", "StatusCommand"), ("verify --json", "VerifyCommand"),
    ("members", "MembersCommand"), ("alarms --json", "AlarmsCommand"),
    ("invite --office tokyo --zone Asia/Tokyo --ttl 30m --languages ja,en", "InviteCommand"),
    ("invite --office tokyo", "InviteCommand"),
    ("remove tokyo-1 --yes", "RemoveCommand"),
    ("link pause tokyo-1", "Pause"), ("link resume --all", "Resume"),
    ("roster apply roster.toml --emergency", "Apply"), ("roster apply -", "Apply"),
    ("roster show --json", "Show"),
    ("roster coverage --week 2026-W12 --group Support", "Coverage"),
    ("handoff board --office tokyo", "Board"), ("handoff accept --as l@example.com", "Accept"),
    ("handoff cover --ticket 120001", "Cover"),
    ("handoff note 120001 text --next-action call", "Note"),
    ("handoff note 120001 text --promise call --until 2030-01-01T00:00:00Z", "Note"),
    (
      "ticket new --subject s --body b --requester c@example.com --requester-name C --group g "
        + "--assignee me --priority high --type incident --tag a --tag b --home paris "
        + "--private-note", "TicketNew"
    ),
    ("ticket list --status open --status new --group g --assignee none --tag t", "TicketList"),
    ("ticket show 120001 --history", "TicketShow"), ("ticket show #120001", "TicketShow"),
    ("ticket reply 120001 --body x --status pending", "TicketReply"),
    ("ticket note 120001 --body-file n.txt", "TicketNote"),
    ("ticket take 120001 --even-if-foreign", "TicketTake"),
    ("ticket hand-to 120001 tokyo --agent k@example.com --note n", "TicketHandTo"),
    ("ticket send-back 120001 --note n", "TicketSendBack"),
    ("ticket stay 120001 --wake 2026-09-18T23:00:00Z", "TicketStay"),
    ("ticket stay 120001 --wake 12h", "TicketStay"),
    ("ticket stay 120001 --wake 2026-09-18T23:00:00+02:00", "TicketStay"),
    ("ticket move-on 120001", "TicketMoveOn"), ("ticket solve 120001", "TicketSolve"),
    ("conflict list --limit 5", "List"), ("conflict show 6-1-2-0", "Show"),
    ("conflict resolve 6-1-2-0 other --dot 3.7", "Resolve"),
    ("user add --name N --email n@example.com --role light_agent --office paris", "Add"),
    ("user list --all", "List"),
    ("user role n@example.com lead", "ChangeRole"),
    ("token create --user n@example.com --label l --expires 90d", "Create"),
    ("token revoke 340001", "Revoke"),
    ("import incidents log.csv.gz --office-map g=paris --limit 9 --resume --json", "Incidents"),
    ("import zendesk ./export --office paris --resume --json", "Zendesk"),
    ("status --url https://h:7480 --token t --ca ca.pem", "StatusCommand"),
  ]

  @Test(arguments: good)
  func isUnderstood(line: String, type: String) throws {
    let command = try Helio.parseAsRoot(line.split(separator: " ").map(String.init))
    #expect("\(Swift.type(of: command))" == type)
  }

  @Test(arguments: [
    ("init --cluster acme --office Paris --zone Europe/Paris", "office code"),
    ("init --cluster acme --office paris --zone Paris", "time zone"),
    ("init --cluster acme --office paris --zone UTC --peer-listen 7440", "HOST:PORT"),
    ("init --cluster acme --office paris --zone UTC --api-listen ::1:7480", "brackets"),
    ("init --cluster acme --office paris --zone UTC --api-listen h:70000", "HOST:PORT"),
    ("init --cluster acme --office paris --zone UTC --api-cert c.pem", "--api-key"),
    ("serve --peer tokyo", "NAME=HOST:PORT"), ("serve --peer a=h:1 --peer a=h:2", "twice"),
    ("invite --office tokyo --ttl soon", "span"), ("link pause", "--all"),
    ("link pause a --all", "--all"), ("roster coverage --week 2026-12", "ISO week"),
    ("roster coverage --week 2026-W54", "ISO week"), ("ticket show x", "id"),
    ("ticket reply 1 --body a --body-file b", "--body-file"),
    ("ticket list --limit 0", "--limit"), ("ticket list --tag a --limit 10001", "10000"),
    ("ticket new --subject s --requester-name C", "--requester"),
    ("ticket stay 1 --wake tomorrow", "time"),
    ("ticket stay 1 --wake 2026-02-31T10:00:00Z", "2026-09-18T23:25:58Z"),
    ("handoff note 1 t --promise p --until 2026-09-18T25:00:00Z", "2026-09-18T23:25:58Z"),
    ("ticket stay 1 --wake 2026-09-18T23:25:58", "2026-09-19T01:25:58+02:00"),
    ("conflict resolve 1-1-1-0 keep --dot 1.1", "--dot"),
    ("user add --name N --email n --role agent", "e-mail"),
    ("user role n@example.com king", "king"),
    ("import incidents f --limit 0", "--limit"), ("import zendesk d --office 'x'", "--office"),
    ("status --url ftp://h", "https://HOST:PORT"), ("status --url https://h/api", "without a path"),
    ("status --data /d --url https://h", "one of them"), ("status --token t", "--url"),
  ])
  func isRefused(line: String, saying: String) throws {
    let error = #expect(throws: (any Error).self) {
      try Helio.parseAsRoot(line.split(separator: " ").map(String.init))
    }
    let failure = try #require(error)
    #expect(Helio.exitCode(for: failure).rawValue == ExitStatus.usage.rawValue)
    #expect(Helio.fullMessage(for: failure).contains(saying), "\(Helio.fullMessage(for: failure))")
  }

  @Test func searchConditionsAreQuotedWhereTheyMustBe() throws {
    let line = ["--status", "open", "--group", "Level 2", "--assignee", "m@e.com", "--tag", "a-b"]
    let list = try TicketList.parse(line + ["--query", "\"exact words\" -test"])
    #expect(
      list.search
        == "status:open group:\"Level 2\" assignee:m@e.com tags:a-b \"exact words\" -test")
    #expect(throws: (any Error).self) { try TicketList.parse(["--group", "a\" status:new"]) }
  }

  /// Foundation alone reads 31 February as 3 March, and 25 o'clock as the next day.
  @Test func timesAreReadAsTheAPIReadsThem() throws {
    #expect(try Input.time("2026-09-19T01:25:58+02:00") == "2026-09-18T23:25:58Z")
    #expect(try Input.time("2024-02-29") == "2024-02-29T00:00:00Z")
    for text in ["2026-02-31", "2025-02-29T00:00:00Z", "2026-01-01T25:00:00Z", "", "0m", "-1h"] {
      #expect(throws: (any Error).self, "\(text)") { try Input.time(text) }
    }
    let longest = "\(Int64.max)s"
    #expect(try Input.time(longest) == "9999-12-31T23:59:59Z")
  }

  @Test func hoursAndWeeksAreShownRounded() {
    #expect(RosterCommand.Coverage.hours(1_380) == "23.0 h")
    #expect(RosterCommand.Coverage.hours(1_050) == "17.5 h")
    #expect(RosterCommand.Coverage.hours(0) == "0.0 h")
  }

  @Test func everyCommandShowsAnExample() {
    func check(_ command: any ParsableCommand.Type, _ path: String) {
      let configuration = command.configuration
      #expect(configuration.discussion.contains("Example"), "\(path)")
      #expect(!configuration.abstract.isEmpty, "\(path)")
      for next in configuration.subcommands
        + configuration.groupedSubcommands.flatMap(\.subcommands)
      {
        check(next, path + " " + (next.configuration.commandName ?? "\(next)"))
      }
    }
    check(Helio.self, "helio")
  }

  @Test func passphrasesOfTheRootKeyAreLongEnough() throws {
    let terminal = Terminal(environment: [:])
    let long = ["HELIO_ROOT_PASSPHRASE": "correct horse battery"]
    #expect(
      try RootPassphrase.read(file: nil, environment: long, terminal: terminal)
        == "correct horse battery")
    let failure = try #require(throws: Failure.self) {
      try RootPassphrase.read(
        file: nil, environment: ["HELIO_ROOT_PASSPHRASE": "short"], terminal: terminal)
    }
    #expect(failure.status == .usage)
    #expect(failure.message.contains("12"))
  }
}
