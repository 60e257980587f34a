/// The lab as an SVG picture.
package struct Diagram {
    package let svg: String

    package init(_ lab: Lab) throws { svg = "" }
}
