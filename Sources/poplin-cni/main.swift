import CNI
import Glibc

// A child that does not read its stdin must not end this process.
_ = signal(SIGPIPE, SIG_IGN)
exit(CommandLineRun.main())
