/// Custom resources: what is served follows the CustomResourceDefinitions that there are.
extension APIServer {
    func customResourcesChanged() { types.setCustom(customTypes.types(of: cache[.customResourceDefinitions])) }
}
