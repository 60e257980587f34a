package import JSON

/// A list, or a page of one.
package struct ListPage: Equatable, Sendable {
    package var revision = ""
    /// What to ask for the next page with; empty for the last.
    package var continueToken = ""

    /// Reads the list; gives each of its items to the body.
    package init<Content: Projection>(_ bytes: [UInt8], _ body: (ReadObject<Content>) -> Void) throws(JSONError) {
        self = try JSONCursor.read(bytes) { (cursor) throws(JSONError) in
            var page = ListPage()
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("metadata") {
                    try cursor.enterObject()
                    while try cursor.nextMember() {
                        if cursor.isAt("resourceVersion") {
                            page.revision = try cursor.string()
                        } else if cursor.isAt("continue") {
                            page.continueToken = try cursor.string()
                        } else {
                            try cursor.skip()
                        }
                    }
                } else if cursor.isAt("items") {
                    try cursor.enterArray()
                    while try cursor.nextElement() { body(try ReadObject(&cursor)) }
                } else {
                    try cursor.skip()
                }
            }
            return page
        }
    }

    private init() {}
}
