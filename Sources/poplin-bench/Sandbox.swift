internal import CLinux
internal import Glibc
internal import Linux

/// Gives this process file systems of its own for what plugins write: /run and /var/lib are empty and in memory, and
/// gone, with every network namespace named in them, when the process ends. Must run before any thread is started.
func enterSandbox() throws(SystemError) {
    try check("make", "a mount namespace") { poplin_unshare(poplin_CLONE_NEWNS) }
    try check("detach", "/") { mount("", "/", "none", UInt(MS_PRIVATE | MS_REC), nil) }
    for path in ["/run", "/var/lib"] {
        try check("mount", path) { mount("tmpfs", path, "tmpfs", 0, nil) }
    }
}
