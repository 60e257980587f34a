import ControlPlane
import Glibc
import Linux
import Overlay
import ServiceProxy

// Arguments and wiring, nothing else: each subcommand lives in the target that it is about.

let usage = """
    Usage: poplin COMMAND [flags]

      server             serve the cluster's API (server backup, server restore: its state as a file)
      overlay            keep this node in the pod network (takes flanneld's flags)
      proxy              serve Services on this node (takes kube-proxy's flags and configuration)
      status overlay     what the overlay wants and has on this node
      check overlay      say what differs from what is wanted; exit 1 if anything does
      status proxy       how the Service proxy of this node is, and how much is in its table
      check proxy        compare the Service proxy's table with what the cluster asks for; exit 1 if they differ
      trace SRC DST:PORT what becomes of a packet to a Service, step by step
      cleanup overlay    remove what the overlay has made, and nothing else
      version            print the version

    poplin COMMAND --help lists the flags of a command.
    """

// Before the first thread: the daemon's threads mostly wait, and share one arena well.
Allocator.limitArenas(to: 1)

let words = Array(CommandLine.arguments.dropFirst())
let environment = Environment.all

switch (words.first, words.dropFirst().first) {
case ("server", _): exit(ServerCommand.run(Array(words.dropFirst()), environment: environment))
case ("overlay", _): exit(OverlayCommand.overlay(Array(words.dropFirst()), environment: environment))
case ("proxy", _):
    exit(ProxyCommand.proxy(Array(words.dropFirst()), environment: environment, version: OverlayCommand.version))
case ("status", "overlay"): exit(OverlayCommand.status(Array(words.dropFirst(2)), environment: environment))
case ("check", "overlay"): exit(OverlayCommand.check(Array(words.dropFirst(2)), environment: environment))
case ("status", "proxy"):
    exit(
        InspectionCommand.status(
            Array(words.dropFirst(2)), environment: environment, version: OverlayCommand.version))
case ("check", "proxy"):
    exit(
        InspectionCommand.check(
            Array(words.dropFirst(2)), environment: environment, version: OverlayCommand.version))
case ("trace", _):
    exit(
        InspectionCommand.trace(
            Array(words.dropFirst()), environment: environment, version: OverlayCommand.version))
case ("cleanup", "overlay"): exit(OverlayCommand.cleanup(Array(words.dropFirst(2)), environment: environment))
case ("version", _), ("--version", _): print("poplin \(OverlayCommand.version)")
case ("help", _), ("--help", _), ("-h", _): print(usage)
default:
    print(usage)
    exit(2)
}
