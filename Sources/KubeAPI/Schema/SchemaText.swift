/// The schema of one group and version as text, which is parsed when something of the group is first asked for.
///
/// Resources, one a line, with their subresources indented below:
///
///     deployments Deployment namespaced short(deploy) categories(all)
///       status Deployment get,patch,update
///       scale autoscaling/v1.Scale get,patch,update
///
/// A resource without `verbs(…)` answers to all of them; its list kind is generated.
///
/// Messages, with one field a line: JSON name, protobuf number, type, traits. `kind` marks those that carry apiVersion
/// and kind:
///
///     Deployment kind
///       metadata 1 ObjectMeta always
///       spec 2 DeploymentSpec always
///
/// - Types: `string int32 int64 double bool bytes Quantity IntOrString Time MicroTime any`, a message's name,
///   `[T]` a list, `{T}` a map with string keys. `T?`: a zero value differs from none. `ExtraValue` and `Verbs` are
///   lists of strings that are messages in protobuf.
/// - `@2 VolumeSource`: an embedded message, whose fields stand among the outer one's in JSON.
/// - A message that is a `variant` is one of its two fields: the first when the JSON is an object, else the second.
/// - Traits: `required` (published, written even when zero), `always` (an object written even when empty), `notEmpty`
///   (checked), `immutable` (checked), `default(JSON)`, `enum(a,b)`, with `ownWords` checked by the kind's rules; lists: atomic unless `set` or `map(keys)`; `atomic`
///   or `granular` objects and maps; for strategic merge `merge`, `merge(key)`, `retainKeys`, `replace`.
///
/// Descriptions, which `kubectl explain` shows: of a message, and of its fields indented below. Lines that are indented
/// further belong to the one before:
///
///     DeploymentSpec: What is wanted of a Deployment.
///       replicas: How many pods are wanted; 1 when nothing is said.
///
/// - `@Condition`: that message, of this group or of meta, says what this one does not about fields of the same name.
/// - Of kinds, `apiVersion`, `kind` and `metadata` need none, and neither do generated lists.
struct SchemaText: Sendable {
    var groupVersion: GroupVersion
    /// Prefix of the definitions' names in OpenAPI documents.
    var package: String
    var resources: String
    var messages: [String]
    var descriptions: [String]

    init(
        _ apiVersion: String, package: String, resources: String = "", messages: [String], descriptions: [String] = []
    ) {
        groupVersion = GroupVersion(apiVersion: apiVersion) ?? GroupVersion(group: "", version: apiVersion)
        self.package = package
        self.resources = resources
        self.messages = messages
        self.descriptions = descriptions
    }
}
