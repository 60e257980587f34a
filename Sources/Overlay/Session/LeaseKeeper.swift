internal import Daemon
internal import Glibc
internal import HTTP
package import Linux
internal import NetTypes

/// A thread that gets, renews and publishes this node's lease.
///
/// It never gives up: each failure is told and tried again. What it holds back for is the lease's term, a day; the data
/// path does not depend on it.
package final class LeaseKeeper: Sendable {
    package enum Command: Sendable {
        /// Get a lease, or publish other attributes with the one we have.
        case hold(LeaseIdentity, NetworkConfig)
        /// Somebody saw our lease gone or changed: look at once.
        case check
        /// The node's network stands: say so, now and after each renewal.
        case announce
        case end
    }

    private let commands: Mailbox<Command>

    /// Starts the thread. `subnets` is made and used on it; `tell` is called on it.
    package init(
        renewMargin: Duration, subnets: @escaping SubnetManagerMaker,
        tell: @escaping @Sendable (SessionEvent) -> Void
    ) throws(SystemError) {
        // The loop is made here, so that commands can be posted at once, and then belongs to the thread alone.
        let loop = try EventLoop()
        let state = Unchecked(LeaseKeeperState(loop, renewMargin, subnets, tell))
        commands = try loop.mailbox { state.value.obey($0) }
        _ = try Thread("lease-keeper") { state.value.run() }
    }

    package func post(_ command: Command) { commands.post(command) }
}

/// Hands a value to one other thread, for good.
private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

private final class LeaseKeeperState {
    private let loop: EventLoop
    private let renewMargin: Duration
    private let makeSubnets: SubnetManagerMaker
    private let tell: @Sendable (SessionEvent) -> Void
    private var madeSubnets: (any SubnetManager)?

    private var wanted: (identity: LeaseIdentity, config: NetworkConfig)?
    private var own: OwnLease?
    private var leaseBackoff = Backoff(initial: .milliseconds(250), maximum: .seconds(30))
    /// Another node with our address writes our lease, too. Two that both insist would fill the store with writes.
    private var isContested = false
    private var contestBackoff = Backoff(initial: .seconds(1), maximum: .seconds(300))
    private var leaseTimer: LoopTimer?
    private var isReady = false
    private var trouble: String?

    init(
        _ loop: EventLoop, _ renewMargin: Duration, _ makeSubnets: @escaping SubnetManagerMaker,
        _ tell: @escaping @Sendable (SessionEvent) -> Void
    ) {
        self.loop = loop
        self.renewMargin = renewMargin
        self.makeSubnets = makeSubnets
        self.tell = tell
    }

    func run() {
        do { try loop.run() } catch { tell(.trouble(.lease, "the lease keeper's loop failed: \(error)")) }
    }

    private func subnets() throws(SubnetError) -> any SubnetManager {
        if let madeSubnets { return madeSubnets }
        let made = try makeSubnets(Cancellation())
        madeSubnets = made
        return made
    }

    func obey(_ command: LeaseKeeper.Command) {
        switch command {
        case .hold(let identity, let config):
            // Connections from an address that we no longer have would only time out.
            if let wanted, !wanted.identity.hasAddresses(of: identity) { madeSubnets = nil }
            if let own, !SubnetChoice.fits(own.lease.subnet, config) { self.own = nil }
            wanted = (identity, config)
            // The daemon asks again before it has heard what it has; a restart writes nothing.
            if own?.lease.attributes != identity.attributes { hold() }
        case .check: if !isContested { hold() }
        case .announce:
            isReady = true
            // With a renewal, which tries again what fails; without a lease, after the first.
            if own != nil { hold() }
        case .end: loop.stop()
        }
    }

    // MARK: Lease

    private func hold() {
        guard let wanted else { return }
        do throws(SubnetError) {
            var held: OwnLease
            if let own {
                held = try subnets().renew(own, attributes: wanted.identity.attributes)
            } else {
                held = try subnets().acquire(wanted.identity, wanted.config)
            }
            leaseBackoff.reset()
            tell(.own(held))
            held.wasRecreated = false
            own = held
            if isReady { try subnets().announceReady() }
            isContested = held.overwrote != nil
            report(held.overwrote.map { contest($0) })
            if isContested { return schedule(contestBackoff.next()) }
            contestBackoff.reset()
            if let remaining = held.remaining {
                // Nodes that started together do not renew together.
                let jitter = Double.random(in: 0...0.1)
                schedule(max(.seconds(60), (remaining - renewMargin) * (1 - jitter)))
            } else {
                schedule(.seconds(3600))
            }
        } catch {
            report(error.description)
            schedule(leaseBackoff.next())
        }
    }

    private func contest(_ other: LeaseAttributes) -> String {
        let address = other.publicIPv4?.description ?? other.publicIPv6?.description ?? ""
        return "another node publishes our address \(address) in our lease: \(other.json); give one of the two another"
    }

    private func schedule(_ delay: Duration) {
        if let leaseTimer { loop.cancel(leaseTimer) }
        leaseTimer = loop.after(delay) { [unowned self] in hold() }
    }

    private func report(_ trouble: String?) {
        if self.trouble == trouble { return }
        self.trouble = trouble
        tell(.trouble(.lease, trouble))
    }
}

extension LeaseIdentity {
    fileprivate func hasAddresses(of other: LeaseIdentity) -> Bool {
        attributes.publicIPv4 == other.attributes.publicIPv4 && attributes.publicIPv6 == other.attributes.publicIPv6
    }
}
