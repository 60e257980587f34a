/// The schema of `resource.k8s.io/v1`; `SchemaText` describes the notation.
enum ResourceV1 {
    static let text = SchemaText(
        "resource.k8s.io/v1", package: "io.k8s.api.resource.v1", resources: resources, messages: [messages],
        descriptions: [claimDescriptions, deviceDescriptions])

    private static let resources = """
        deviceclasses DeviceClass
        resourceclaims ResourceClaim namespaced
          status ResourceClaim get,patch,update
        resourceclaimtemplates ResourceClaimTemplate namespaced
        resourceslices ResourceSlice
        """

    private static let messages = """
        AllocatedDeviceStatus
          driver 1 string required
          pool 2 string required
          device 3 string required
          shareID 7 string?
          conditions 4 [Condition] map(type)
          data 5 any
          networkData 6 NetworkDeviceData
        AllocationResult
          devices 1 DeviceAllocationResult always
          nodeSelector 3 NodeSelector
          allocationTimestamp 5 Time
        CELDeviceSelector
          expression 1 string required notEmpty
        CapacityRequestPolicy
          default 1 Quantity
          validValues 3 [Quantity]
          validRange 4 CapacityRequestPolicyRange
        CapacityRequestPolicyRange
          min 1 Quantity required
          max 2 Quantity
          step 3 Quantity
        CapacityRequirements
          requests 1 {Quantity}
        Counter
          value 1 Quantity required
        CounterSet
          name 1 string required notEmpty
          counters 2 {Counter} required
        Device
          name 1 string required notEmpty
          attributes 2 {DeviceAttribute}
          capacity 3 {DeviceCapacity}
          consumesCounters 4 [DeviceCounterConsumption]
          nodeName 5 string?
          nodeSelector 6 NodeSelector
          allNodes 7 bool?
          taints 8 [DeviceTaint]
          bindsToNode 9 bool?
          bindingConditions 10 [string]
          bindingFailureConditions 11 [string]
          allowMultipleAllocations 12 bool?
        DeviceAllocationConfiguration
          source 1 string required notEmpty
          requests 2 [string]
          @3 DeviceConfiguration
        DeviceAllocationResult
          results 1 [DeviceRequestAllocationResult]
          config 2 [DeviceAllocationConfiguration]
        DeviceAttribute
          int 2 int64?
          bool 3 bool?
          string 4 string?
          version 5 string?
        DeviceCapacity
          value 1 Quantity required
          requestPolicy 2 CapacityRequestPolicy
        DeviceClaim
          requests 1 [DeviceRequest]
          constraints 2 [DeviceConstraint]
          config 3 [DeviceClaimConfiguration]
        DeviceClaimConfiguration
          requests 1 [string]
          @2 DeviceConfiguration
        DeviceClass kind
          metadata 1 ObjectMeta always
          spec 2 DeviceClassSpec required always
        DeviceClassConfiguration
          @1 DeviceConfiguration
        DeviceClassSpec
          selectors 1 [DeviceSelector]
          config 2 [DeviceClassConfiguration]
          extendedResourceName 4 string?
        DeviceConfiguration
          opaque 1 OpaqueDeviceConfiguration
        DeviceConstraint
          requests 1 [string]
          matchAttribute 2 string?
          distinctAttribute 3 string?
        DeviceCounterConsumption
          counterSet 1 string required notEmpty
          counters 2 {Counter} required
        DeviceRequest
          name 1 string required notEmpty
          exactly 2 ExactDeviceRequest
          firstAvailable 3 [DeviceSubRequest]
        DeviceRequestAllocationResult
          request 1 string required
          driver 2 string required
          pool 3 string required
          device 4 string required
          adminAccess 5 bool?
          tolerations 6 [DeviceToleration]
          bindingConditions 7 [string]
          bindingFailureConditions 8 [string]
          shareID 9 string?
          consumedCapacity 10 {Quantity}
        DeviceSelector
          cel 1 CELDeviceSelector
        DeviceSubRequest
          name 1 string required notEmpty
          deviceClassName 2 string required notEmpty
          selectors 3 [DeviceSelector]
          allocationMode 4 string enum(All,ExactCount) default("ExactCount")
          count 5 int64
          tolerations 6 [DeviceToleration]
          capacity 7 CapacityRequirements
        DeviceTaint
          key 1 string required notEmpty
          value 2 string
          effect 3 string required enum(NoExecute,NoSchedule,None)
          timeAdded 4 Time
        DeviceToleration
          key 1 string
          operator 2 string enum(Equal,Exists) default("Equal")
          value 3 string
          effect 4 string enum(NoExecute,NoSchedule)
          tolerationSeconds 5 int64?
        ExactDeviceRequest
          deviceClassName 1 string required notEmpty
          selectors 2 [DeviceSelector]
          allocationMode 3 string enum(All,ExactCount) default("ExactCount")
          count 4 int64
          adminAccess 5 bool?
          tolerations 6 [DeviceToleration]
          capacity 7 CapacityRequirements
        NetworkDeviceData
          interfaceName 1 string
          ips 2 [string]
          hardwareAddress 3 string
        OpaqueDeviceConfiguration
          driver 1 string required notEmpty
          parameters 2 any required
        ResourceClaim kind
          metadata 1 ObjectMeta always
          spec 2 ResourceClaimSpec required always immutable
          status 3 ResourceClaimStatus always
        ResourceClaimConsumerReference
          apiGroup 1 string
          resource 3 string required
          name 4 string required
          uid 5 string required
        ResourceClaimSpec
          devices 1 DeviceClaim always
        ResourceClaimStatus
          allocation 1 AllocationResult
          reservedFor 2 [ResourceClaimConsumerReference] map(uid) merge(uid)
          devices 4 [AllocatedDeviceStatus] map(driver,device,pool,shareID)
        ResourceClaimTemplate kind
          metadata 1 ObjectMeta always
          spec 2 ResourceClaimTemplateSpec required always immutable
        ResourceClaimTemplateSpec
          metadata 1 ObjectMeta always
          spec 2 ResourceClaimSpec required always
        ResourcePool
          name 1 string required notEmpty
          generation 2 int64 required
          resourceSliceCount 3 int64 required
        ResourceSlice kind
          metadata 1 ObjectMeta always
          spec 2 ResourceSliceSpec required always
        ResourceSliceSpec
          driver 1 string required notEmpty
          pool 2 ResourcePool required always
          nodeName 3 string?
          nodeSelector 4 NodeSelector
          allNodes 5 bool?
          devices 6 [Device]
          perDeviceNodeSelection 7 bool?
          sharedCounters 8 [CounterSet]
        """
}
