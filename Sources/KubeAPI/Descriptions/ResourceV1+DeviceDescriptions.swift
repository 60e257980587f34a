extension ResourceV1 {
    static let deviceDescriptions = """
        CapacityRequestPolicy: How much of a capacity may be asked for.
          default: How much is taken when nothing is said.
          validValues: The amounts that may be asked for; others are rounded up to one of them.
          validRange: The amounts that may be asked for, as a range.
        CapacityRequestPolicyRange: A range of amounts.
          min: The least; less is rounded up to it.
          max: The most; no bound but the capacity when nothing is said.
          step: The amounts go up from min by this; others are rounded up.
        Counter: An amount of something.
          value: How much.
        CounterSet: Amounts that several devices share.
          name: The set's name in its pool.
          counters: The amounts by name; 32 at most.
        Device: A device that can be given out.
          name: The device's name in its pool.
          attributes: What the device is like, by name; 32 at most with capacity.
          capacity: How much the device has of something, by name.
          consumesCounters: What the device takes of amounts that several share.
          nodeName: The node from which it can be used; only with perDeviceNodeSelection.
          nodeSelector: The nodes from which it can be used; only with perDeviceNodeSelection.
          allNodes: True when it can be used from all nodes; only with perDeviceNodeSelection.
          taints: Marks that keep requests away which do not tolerate them.
          bindsToNode: True ties a claim that gets the device to the node that was chosen.
          bindingConditions: Conditions that must be true before a pod with the device is bound to its node; 4 at most.
          bindingFailureConditions: Conditions that give the device back when one is true; 4 at most.
          allowMultipleAllocations: True when several requests may have the device at once.
        DeviceAttribute: A value; exactly one of these.
          int: A whole number.
          bool: True or false.
          string: A text of 64 characters at most.
          version: A version, as semver.org describes it.
        DeviceCapacity: How much a device has of something.
          value: How much.
          requestPolicy: How much of it may be asked for, when several requests may have the device.
        DeviceCounterConsumption: A CounterSet, and what is taken of it.
          counterSet: The CounterSet.
          counters: The amounts by name.
        DeviceTaint: A mark on a device that keeps requests away which do not tolerate it.
          key: The taint's key.
          value: The taint's value; may be empty.
          effect: NoSchedule keeps new requests away, NoExecute also ends pods that use it, None does nothing.
          timeAdded: When the taint was put there.
        ResourcePool: Devices that a driver manages together.
          name: The pool's name; often the node's.
          generation: Grows each time the pool is published anew; slices with an older one are not used.
          resourceSliceCount: How many ResourceSlices of this generation there are.
        ResourceSlice: Some of the devices of a pool, as their driver publishes them.
          spec: The devices.
        ResourceSliceSpec: Some of the devices of a pool.
          driver: The driver's name; cannot be changed.
          pool: The pool.
          nodeName: The node from which they can be used; cannot be changed.
          nodeSelector: The nodes from which they can be used; exactly one term.
          allNodes: True when they can be used from all nodes.
          devices: The devices; 128 at most, and 64 with taints or shared amounts.
          perDeviceNodeSelection: True when each device says from which nodes it can be used.
          sharedCounters: Amounts that several devices share; 8 at most, and without devices.
        """
}
