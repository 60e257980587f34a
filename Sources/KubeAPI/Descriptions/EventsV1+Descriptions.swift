extension EventsV1 {
    static let descriptions = """
        Event: Something that happened to an object; deleted after an hour.
          eventTime: When it happened first, in microseconds.
          series: How often it has happened since, when it goes on.
          reportingController: The program that reported it, such as "example.com/controller".
          reportingInstance: Which of several such programs it was.
          action: What was done about the object, or failed.
          reason: One word in CamelCase for what happened, for programs.
          regarding: The object that it happened to.
          related: Another object that had a part in it.
          note: What happened, for people; 1 KiB at most.
          type: Normal or Warning.
          deprecatedSource: The program that reported it, as older programs say it.
          deprecatedFirstTimestamp: When it happened first, as older programs say it.
          deprecatedLastTimestamp: When it happened last, as older programs say it.
          deprecatedCount: How often it has happened, as older programs say it.
        EventSeries: An event that goes on happening.
          count: How often it has happened so far.
          lastObservedTime: When it was last seen to happen.
        """
}
