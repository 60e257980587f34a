/// The schema of `apiregistration.k8s.io/v1`; `SchemaText` describes the notation.
enum APIRegistrationV1 {
    static let text = SchemaText(
        "apiregistration.k8s.io/v1", package: "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1",
        resources: resources, messages: [messages], descriptions: [descriptions])

    private static let resources = """
        apiservices APIService categories(api-extensions)
          status APIService get,patch,update
        """

    private static let messages = """
        APIService kind
          metadata 1 ObjectMeta always
          spec 2 APIServiceSpec always
          status 3 APIServiceStatus always
        APIServiceCondition
          type 1 string required
          status 2 string required
          lastTransitionTime 3 Time
          reason 4 string
          message 5 string
        APIServiceSpec
          service 1 ServiceReference
          group 2 string
          version 3 string
          insecureSkipTLSVerify 4 bool
          caBundle 5 bytes
          groupPriorityMinimum 7 int32 required
          versionPriority 8 int32 required
        APIServiceStatus
          conditions 1 [APIServiceCondition] map(type) merge(type)
        ServiceReference
          namespace 1 string
          name 2 string
          port 3 int32? default(443)
        """
}
