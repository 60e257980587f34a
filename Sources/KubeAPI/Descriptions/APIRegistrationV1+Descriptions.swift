extension APIRegistrationV1 {
    static let descriptions = """
        APIService: Which server answers for a group and version of the API; stored here, and not acted upon.
          spec: The group, the version and the server.
          status: Whether the server answers.
        APIServiceCondition: One aspect of an APIService's state.
          @Condition
          type: Available: the server answers.
        APIServiceSpec: What is wanted of an APIService.
          service: The server's Service; the control plane itself when nothing is said.
          group: The group.
          version: The version.
          insecureSkipTLSVerify: True does not check the server's certificate; not with caBundle.
          caBundle: Certificates of the authorities that the server's certificate may come from, in PEM; the system's
            when nothing is said.
          groupPriorityMinimum: The place of the group among others, from 1 to 20000; the largest of its versions
            counts, and larger ones come first.
          versionPriority: The place of the version in its group, from 1 to 1000; larger ones come first.
        APIServiceStatus: What was last seen of an APIService.
          conditions: The state in several respects.
        ServiceReference: A Service.
          namespace: The Service's namespace.
          name: The Service's name.
          port: The Service's port; 443 when nothing is said.
        """
}
