internal import Glibc

// What the crash tests start and kill: writes to a store until it is killed, and says what was acknowledged.
exit(StoreWriter.main(CommandLine.arguments))
