extension AuthenticationV1 {
    static let descriptions = """
        BoundObjectReference: The object that a token depends on: without it the token is worth nothing.
          kind: Pod, Secret or Node.
          apiVersion: The kind's group and version: "v1".
          name: The object's name.
          uid: The object's UID.
        SelfSubjectReview: Asks the server for whom it takes the client.
          status: The answer.
        SelfSubjectReviewStatus: For whom the server takes the client.
          userInfo: The user.
        TokenRequest: Asks for a token of a ServiceAccount.
          spec: What the token is for.
          status: The token.
        TokenRequestSpec: What a token is for.
          audiences: For whom it is; the API server when empty.
          expirationSeconds: Seconds that it lives, at least 600; 3600 when nothing is said. The answer may have fewer.
          boundObjectRef: The object that it depends on; nothing but the account when nothing is said.
        TokenRequestStatus: A token of a ServiceAccount.
          token: The token.
          expirationTimestamp: When it expires.
        TokenReview: Asks whether a token is valid, and whose it is.
          spec: The token.
          status: The answer.
        TokenReviewSpec: A token to look at.
          token: The token.
          audiences: For whom it should be; the API server when empty.
        TokenReviewStatus: What is known about a token.
          authenticated: True when it is valid.
          user: Whose it is.
          audiences: Those of the audiences that it is for.
          error: Why it could not be looked at.
        UserInfo: A user.
          username: The user's name, such as "system:serviceaccount:default:web".
          uid: Tells the user from earlier ones of the same name.
          groups: The user's groups.
          extra: What else is known about the user, by keys.
        """
}
