/// The schema of `events.k8s.io/v1`; `SchemaText` describes the notation.
enum EventsV1 {
    static let text = SchemaText(
        "events.k8s.io/v1", package: "io.k8s.api.events.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        events Event namespaced short(ev)
        """

    private static let messages = """
        Event kind
          metadata 1 ObjectMeta always
          eventTime 2 MicroTime required
          series 3 EventSeries
          reportingController 4 string
          reportingInstance 5 string
          action 6 string
          reason 7 string
          regarding 8 ObjectReference
          related 9 ObjectReference
          note 10 string
          type 11 string
          deprecatedSource 12 EventSource
          deprecatedFirstTimestamp 13 Time
          deprecatedLastTimestamp 14 Time
          deprecatedCount 15 int32
        EventSeries
          count 1 int32 required
          lastObservedTime 2 MicroTime required
        """
}
