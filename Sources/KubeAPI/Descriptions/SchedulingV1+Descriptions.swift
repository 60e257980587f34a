extension SchedulingV1 {
    static let descriptions = """
        PriorityClass: Names a priority that pods may have.
          value: The priority; larger ones come first, and 1000000000 is the largest but for the system's own. Cannot be
            changed.
          globalDefault: True for the class of pods that name none; only one may be that. False when nothing is said.
          description: When to use the class, for people.
          preemptionPolicy: PreemptLowerPriority lets other pods be evicted to make room, Never waits;
            PreemptLowerPriority when nothing is said. Cannot be changed.
        """
}
