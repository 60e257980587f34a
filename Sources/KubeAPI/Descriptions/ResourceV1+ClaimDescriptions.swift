extension ResourceV1 {
    static let claimDescriptions = """
        AllocatedDeviceStatus: What a driver says about a device that was given out.
          driver: The driver's name.
          pool: The pool of the device.
          device: The device's name in the pool.
          shareID: Tells shares of one device apart.
          conditions: The device's state in several respects.
          data: Anything that the driver has to say.
          networkData: More about a network interface.
        AllocationResult: The devices that a claim got.
          devices: The devices.
          nodeSelector: The nodes from which they can be used; all when nothing is said.
          allocationTimestamp: When they were given out.
        CELDeviceSelector: A condition on a device, in CEL.
          expression: An expression that is true for such devices; device has driver, attributes and capacity. 10 KiB at
            most.
        CapacityRequirements: Amounts that are wanted.
          requests: How much, by the capacity's name; all of it, or what the device says, when nothing is said.
        DeviceAllocationConfiguration: Settings for devices that were given out.
          source: FromClass or FromClaim: who wrote them.
          requests: The requests that they are for; all when empty.
          opaque: Settings for a driver.
        DeviceAllocationResult: The devices that a claim got.
          results: The devices, request by request.
          config: Settings for them.
        DeviceClaim: The devices that are wanted.
          requests: What is wanted; all of it must be there.
          constraints: What must be true of the devices together.
          config: Settings for the devices.
        DeviceClaimConfiguration: Settings for a driver, and the requests that they are for.
          requests: The requests that they are for; all when empty.
          opaque: Settings for a driver.
        DeviceClass: Devices of one sort, as whoever runs the cluster sees them.
          spec: Which devices, and their settings.
        DeviceClassConfiguration: Settings for a driver.
          opaque: Settings for a driver.
        DeviceClassSpec: The devices of a class.
          selectors: Conditions on the devices; all must hold.
          config: Settings for the devices.
          extendedResourceName: The extended resource by which containers may ask for such a device; none when nothing
            is said.
        DeviceConstraint: Devices that must be alike or differ in something.
          requests: The requests whose devices are meant; all when empty.
          matchAttribute: The attribute that must be the same for all, with its domain.
          distinctAttribute: The attribute that must differ for each, with its domain.
        DeviceRequest: Devices that are wanted; exactly one of the two ways.
          name: The request's name in the claim.
          exactly: Devices of one class.
          firstAvailable: Several choices, of which the first that can be had counts.
        DeviceRequestAllocationResult: A device that was given out for a request.
          request: The request, or "REQUEST/CHOICE".
          driver: The device's driver.
          pool: The pool of the device.
          device: The device's name in the pool.
          adminAccess: True when it is looked after and not used, as the request said.
          tolerations: Taints that the request did not mind.
          bindingConditions: Conditions that must be true before the pod is bound to its node.
          bindingFailureConditions: Conditions that give the device back when one is true.
          shareID: Tells shares of one device apart.
          consumedCapacity: How much of the device's capacity it takes, by the capacity's name.
        DeviceSelector: A condition on a device.
          cel: The condition in CEL; needed.
        DeviceSubRequest: One choice of a request.
          @ExactDeviceRequest
          name: The choice's name in the request.
        DeviceToleration: Taints of devices that a request does not mind.
          key: The taint's key; empty with Exists for all taints.
          operator: Equal compares the value, Exists takes any; Equal when nothing is said.
          value: The taint's value; empty for Exists.
          effect: NoSchedule or NoExecute; any when empty.
          tolerationSeconds: Seconds for which a NoExecute taint is not minded; for good when nothing is said.
        ExactDeviceRequest: A class, and how many of its devices.
          deviceClassName: The DeviceClass.
          selectors: Further conditions on the devices; all must hold.
          allocationMode: ExactCount for as many as count says, All for all of a pool that fit; ExactCount when nothing
            is said.
          count: How many devices; 1 when nothing is said, and for ExactCount only.
          adminAccess: True to look after devices that others use; only in namespaces that allow it.
          tolerations: Taints of devices that are not minded.
          capacity: How much of each device's capacity is wanted.
        NetworkDeviceData: What is known about a network interface.
          interfaceName: The interface's name in the pod.
          ips: The interface's addresses, as CIDRs.
          hardwareAddress: The interface's hardware address.
        OpaqueDeviceConfiguration: Settings that only a driver understands.
          driver: The driver's name.
          parameters: The settings; an object with apiVersion and kind.
        ResourceClaim: Asks for devices, and holds them once they are given out.
          spec: The devices that are wanted; cannot be changed.
          status: The devices that it got.
        ResourceClaimConsumerReference: An object that may use a claim.
          apiGroup: The group of the object's resource; empty for the core group.
          resource: The object's resource, such as "pods".
          name: The object's name.
          uid: The object's UID.
        ResourceClaimSpec: What is wanted of a ResourceClaim.
          devices: The devices.
        ResourceClaimStatus: What was last seen of a ResourceClaim.
          allocation: The devices; nothing until they are given out.
          reservedFor: The pods that may use them, 256 at most; they are not given back before it is empty.
          devices: What the drivers say about them.
        ResourceClaimTemplate: Describes ResourceClaims that are made for pods.
          spec: What the claims are like; cannot be changed.
        ResourceClaimTemplateSpec: What claims are made like.
          metadata: Labels and annotations of the claims.
          spec: The devices that are wanted.
        """
}
