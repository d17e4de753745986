// The entry: reads the command line, runs the command, ends with the exit code of docs/CLI.md.

internal import ArgumentParser
internal import Foundation
internal import NodeRuntime

@main
struct Helio: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "helio",
    abstract: "The support desk that follows the sun: one node per office, one desk for all.",
    discussion: """
      Exit codes: 0 done; 1 refused or failed; 2 no node answers; 3 done, but something found is \
      not in order (verify, doctor, import); 64 the command line is wrong.

      Example: found a cluster in Paris and start its node
        helio init --cluster acme --office paris --zone Europe/Paris
        helio serve
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: "A node:",
        subcommands: [
          InitCommand.self, JoinCommand.self, ServeCommand.self, DoctorCommand.self,
        ]),
      CommandGroup(
        name: "The cluster:",
        subcommands: [
          StatusCommand.self, VerifyCommand.self, MembersCommand.self, InviteCommand.self,
          RemoveCommand.self, LinkCommand.self, AlarmsCommand.self,
        ]),
      CommandGroup(
        name: "Following the sun:", subcommands: [RosterCommand.self, HandoffCommand.self]),
      CommandGroup(
        name: "The desk:",
        subcommands: [
          TicketCommand.self, ConflictCommand.self, UserCommand.self, TokenCommand.self,
          ImportCommand.self,
        ]),
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      end(failure)
    } catch let error as NodeError {
      end(Failure(error))
    } catch {
      // Help, version, and everything that is wrong with the command line itself.
      exit(withError: error)
    }
  }

  private static func end(_ failure: Failure) -> Never {
    fflush(nil)
    Terminal.current.tell(failure.rendered(Terminal.current.errorStyle))
    Foundation.exit(failure.status.rawValue)
  }
}
