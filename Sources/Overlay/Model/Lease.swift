internal import NetTypes

/// One node's claim on its subnets, as the store holds it.
package struct Lease: Hashable, Sendable {
    package var subnet: SubnetKey
    package var attributes: LeaseAttributes
    /// The store's version of this lease: what a compare-and-swap compares; the later of two leases has the higher one.
    package var revision: Int64
    /// The store's lease that bounds its life (etcd's lease id); 0 for a reservation, which never ends.
    package var leaseID: Int64
    /// The store's revision at which the key was made; renewals leave it as it is.
    package var createRevision: Int64

    package init(
        subnet: SubnetKey, attributes: LeaseAttributes, revision: Int64 = 0, leaseID: Int64 = 0,
        createRevision: Int64 = 0
    ) {
        self.subnet = subnet
        self.attributes = attributes
        self.revision = revision
        self.createRevision = createRevision
        self.leaseID = leaseID
    }

    package var isReservation: Bool { leaseID == 0 }
}
