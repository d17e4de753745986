// Users and organizations are searched in the whole language, bound to them, on a real node.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct DirectoryLanguageTests {
  private func search(
    _ kind: String, _ query: String, _ bench: DeskBench, _ more: String = ""
  ) async throws -> [Int64] {
    let path = "/api/v2/\(kind)/search?query=\(query.inQuery)\(more)"
    let answer = try await bench.ask("GET", path)
    #expect(answer.status == 200, "\(query): \(answer.text)")
    return DeskBench.ids(try answer.json(), kind)
  }

  @Test func eachKeyFindsItsUsers() async throws {
    try await DeskBench.run { bench in
      let zorg = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Zorg","tags":["vip"]}}"#,
        "organization")
      let marie = try await bench.made(
        "/api/v2/users",
        #"""
        {"user":{"name":"Marie Curie","email":"marie@x.example","external_id":"D3","tags":["vip"],
        "phone":"+33 1","organization_id":\#(zorg)}}
        """#, "user")
      let paul = try await bench.made(
        "/api/v2/users",
        #"{"user":{"name":"Paul","email":"paul@x.example","external_id":"D30","role":"agent"}}"#,
        "user")
      let cases: [(String, [Int64])] = [
        ("name:marie", [marie]), ("tags:vip", [marie]), ("organization:Zorg", [marie]),
        ("created>2020-01-01 role:end-user", [marie]), ("type:user Marie", [marie]),
        ("Curie Marie", [marie]), ("\"Marie Curie\"", [marie]), ("marie@x", [marie]),
        ("email:MARIE@x.example", [marie]), ("external_id:D3", [marie]), ("external_id:D", []),
        ("role:agent", [paul]), ("-marie email:paul@x.example", [paul]), ("paul role:end-user", []),
        ("email:marie@x.example email:paul@x.example", [marie, paul]),
        ("external_id:D3 external_id:D30", [marie, paul]),
        ("email:marie@x.example external_id:D30", []), ("x.example tags:none", [paul]),
      ]
      for (query, wanted) in cases {
        #expect(try await search("users", query, bench) == wanted.sorted(), "\(query)")
      }
      #expect(try await search("users", "x.example", bench, "&external_id=D3") == [marie])
      #expect(try await search("organizations", "tags:vip", bench) == [zorg])
      #expect(try await search("organizations", "zor", bench) == [zorg])
      #expect(try await search("organizations", "Zorg tags:none", bench).isEmpty)
      let walked = try await bench.walked(
        "/api/v2/users/search?query=x.example&page[size]=1", "users")
      #expect(walked == [marie, paul].sorted().map { [$0] })
      for query in ["user:marie", "is_suspended:true", "status:open", "type:ticket", "role:king"] {
        for kind in ["users", "organizations"] {
          let answer = try await bench.ask("GET", "/api/v2/\(kind)/search?query=\(query.inQuery)")
          #expect(answer.status == 422, "\(kind) \(query): \(answer.text)")
        }
      }
    }
  }
}
