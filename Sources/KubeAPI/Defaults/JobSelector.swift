package import JSON

/// A Job finds its pods by its own uid, unless whoever makes it wants to choose (`manualSelector`). To be called at
/// creation when the uid is known, before the Job is validated.
package enum JobSelector {
    package static func generate(in job: inout JSONValue, uid: String) {
        guard job.member(at: "spec", "manualSelector") != true else { return }
        let name = job.member(at: "metadata", "name") ?? ""
        let identity = JSONValue.string(uid)
        job.updateMember("spec", creating: true) { spec in
            spec.updateMember("selector", creating: true) { selector in
                selector.updateMember("matchLabels", creating: true) {
                    $0.setMember("batch.kubernetes.io/controller-uid", identity)
                }
            }
            spec.updateMember("template", creating: true) { template in
                template.updateMember("metadata", creating: true) { metadata in
                    metadata.updateMember("labels", creating: true) { labels in
                        labels.setMember("batch.kubernetes.io/controller-uid", identity)
                        labels.setMember("batch.kubernetes.io/job-name", name)
                        labels.setMember("controller-uid", identity)
                        labels.setMember("job-name", name)
                        labels.sortMembers()
                    }
                }
            }
        }
    }
}
