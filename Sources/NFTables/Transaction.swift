/// Changes that the kernel makes all together or not at all. A value: printed, compared and tested before it is run.
package struct Transaction: Hashable, Sendable {
    package private(set) var changes: [Change] = []

    package init() {}

    package var isEmpty: Bool { changes.isEmpty }

    /// What a verb acts on.
    package enum Object: Hashable, Sendable {
        case table(Table)
        case chain(Chain)
        case set(NFTSet)
        case elements(ElementList)
    }

    package enum Verb: String, Hashable, Sendable {
        /// No error when the same is there already.
        case add
        /// An error when it is there already.
        case create
        /// An error when it is absent.
        case delete
        /// No error when it is absent; the table or set that it would be in must be there.
        case destroy
    }

    package enum Placement: Hashable, Sendable {
        case last
        case first
        case after(handle: UInt64)
        case before(handle: UInt64)
        case replacing(handle: UInt64)
    }

    package enum Change: Hashable, Sendable {
        case object(Verb, Object)
        case rule(Placement, Rule)
        case deleteRule(handle: UInt64, Chain)
        /// All the rules of all the chains of a table; the chains stay.
        case flushTable(Table)
        /// All the rules of a chain.
        case flushChain(Chain)
        /// All the elements of a set.
        case flushSet(NFTSet)
    }

    package mutating func append(_ change: Change) { changes.append(change) }
    package mutating func append(_ other: Transaction) { changes += other.changes }
}

extension Transaction {
    package mutating func add(_ object: some TransactionObject) { append(.object(.add, object.transactionObject)) }
    package mutating func create(_ object: some TransactionObject) {
        append(.object(.create, object.transactionObject))
    }
    package mutating func delete(_ object: some TransactionObject) {
        append(.object(.delete, object.transactionObject))
    }
    package mutating func destroy(_ object: some TransactionObject) {
        append(.object(.destroy, object.transactionObject))
    }

    package mutating func add(_ elements: [Element], to set: NFTSet) { add(ElementList(set, elements)) }
    package mutating func create(_ elements: [Element], in set: NFTSet) { create(ElementList(set, elements)) }
    package mutating func delete(_ elements: [Element], from set: NFTSet) { delete(ElementList(set, elements)) }
    package mutating func destroy(_ elements: [Element], from set: NFTSet) { destroy(ElementList(set, elements)) }

    package mutating func add(_ rule: Rule) { append(.rule(.last, rule)) }
    package mutating func insert(_ rule: Rule) { append(.rule(.first, rule)) }
    package mutating func replace(_ handle: UInt64, with rule: Rule) { append(.rule(.replacing(handle: handle), rule)) }
    package mutating func delete(_ rule: InstalledRule) {
        append(.deleteRule(handle: rule.handle, Chain(rule.table, rule.chain)))
    }

    package mutating func flush(_ table: Table) { append(.flushTable(table)) }
    package mutating func flush(_ chain: Chain) { append(.flushChain(chain)) }
    package mutating func flush(_ set: NFTSet) { append(.flushSet(set)) }
}

/// Tables, chains, sets and their elements: what add, create, delete and destroy take.
package protocol TransactionObject {
    var transactionObject: Transaction.Object { get }
}

extension Table: TransactionObject {
    package var transactionObject: Transaction.Object { .table(self) }
}

extension Chain: TransactionObject {
    package var transactionObject: Transaction.Object { .chain(self) }
}

extension NFTSet: TransactionObject {
    package var transactionObject: Transaction.Object { .set(self) }
}

extension ElementList: TransactionObject {
    package var transactionObject: Transaction.Object { .elements(self) }
}
