/// Collects the shapes of an SVG document. Every colour is in its style sheet, once for each scheme.
struct Canvas {
    private let width: Int
    private let height: Int
    private let label: String
    private var shapes: [String] = []

    init(width: Int, height: Int, label: String) {
        self.width = width
        self.height = height
        self.label = label
    }

    mutating func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ style: String, radius: Int) {
        shapes.append(
            "<rect class=\"\(style)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"\(radius)\"/>")
    }

    mutating func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, _ style: String) {
        shapes.append("<line class=\"\(style)\" x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\"/>")
    }

    mutating func text(_ text: String, _ x: Int, _ y: Int, _ style: String) {
        shapes.append("<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(Self.escaped(text))</text>")
    }

    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
        role="img" aria-label="\(Self.escaped(label))">
        <style>
        \(Self.styles)
        </style>
        <rect class="page" width="\(width)" height="\(height)" rx="16"/>
        \(shapes.joined(separator: "\n"))
        </svg>

        """
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }

    private static let styles = """
        text { font-family: ui-sans-serif, system-ui, "Helvetica Neue", Arial, sans-serif; fill: #1f2937; }
        .title { font-size: 24px; font-weight: 700; }
        .subtitle { font-size: 14px; fill: #64748b; }
        .node { font-size: 17px; font-weight: 700; }
        .pod-name { font-size: 14px; font-weight: 600; }
        .tunnel-name { font-size: 12.5px; font-weight: 600; fill: #9a3412; }
        .address { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; font-size: 12px; fill: #475569; }
        .bus-label { font-size: 12.5px; font-weight: 600; fill: #475569; }
        .middle { text-anchor: middle; }
        .end { text-anchor: end; }
        .page { fill: #f8fafc; }
        .card, .host { fill: #ffffff; stroke: #cbd5e1; stroke-width: 1.5; }
        .pod { fill: #e0f2fe; stroke: #7dd3fc; }
        .bridge { fill: #f1f5f9; stroke: #cbd5e1; }
        .tunnel { fill: #ffedd5; stroke: #fdba74; }
        .wire { stroke: #94a3b8; stroke-width: 2; }
        .bus { stroke: #64748b; stroke-width: 5; stroke-linecap: round; }
        .overlay { stroke: #f97316; stroke-width: 2.5; stroke-dasharray: 6 5; stroke-linecap: round; }
        @media (prefers-color-scheme: dark) {
        text { fill: #e5e7eb; }
        .subtitle { fill: #94a3b8; }
        .tunnel-name { fill: #fdba74; }
        .address, .bus-label { fill: #cbd5e1; }
        .page { fill: #0f172a; }
        .card, .host { fill: #1e293b; stroke: #475569; }
        .pod { fill: #0c4a6e; stroke: #0369a1; }
        .bridge { fill: #334155; stroke: #475569; }
        .tunnel { fill: #7c2d12; stroke: #c2410c; }
        .wire { stroke: #64748b; }
        .bus { stroke: #94a3b8; }
        }
        """
}
