internal import Daemon
internal import Linux

extension OverlayDaemon {
    func watchKernel() throws {}
}
