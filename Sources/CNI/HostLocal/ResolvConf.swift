extension CNIResult.DNS {
    /// Reads a resolv.conf (resolv.conf(5)): the keywords that CNI knows; comments and others are passed over.
    package init(resolvConf text: String) {
        self.init()
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") && !line.hasPrefix(";") {
            let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard fields.count >= 2 else { continue }
            switch fields[0] {
            case "nameserver": nameservers.append(fields[1])
            case "domain": domain = fields[1]
            case "search": search += fields[1...]
            case "options": options += fields[1...]
            default: break
            }
        }
    }
}
