/// Why the laboratory cannot do what it was asked, in a sentence for the person who asked.
package struct LabError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
