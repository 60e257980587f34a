import CNI
import Glibc

exit(CommandLineRun.main())
