/// A lab as an SVG picture: a card for each node with its pods, bridge and tunnel device, on the network that joins
/// them. It follows the reader's light or dark scheme.
package struct Diagram {
    private let model: DiagramModel
    private let columns: Int
    private let cardHeight: Int

    private static let margin = 32
    private static let cardWidth = 272
    private static let gap = 40
    private static let inset = 16
    private static let podLine = 17
    private static let busDrop = 34
    private static let top = 96

    package init(_ lab: Lab) throws { self.init(try DiagramModel(lab)) }

    package init(_ model: DiagramModel) {
        self.model = model
        columns = max(1, min(4, model.nodes.count))
        cardHeight = model.nodes.map { Self.height($0) }.max() ?? 0
    }

    package var svg: String {
        let width = Self.margin * 2 + columns * Self.cardWidth + (columns - 1) * Self.gap
        let rows = (model.nodes.count + columns - 1) / columns
        let rowHeight = cardHeight + Self.busDrop * 2
        let hostsTop = Self.top + rows * rowHeight
        let height = hostsTop + 60 + Self.margin
        var canvas = Canvas(width: width, height: height, label: "\(model.title): \(model.subtitle)")

        canvas.text(model.title, Self.margin, 46, "title")
        canvas.text(model.subtitle, Self.margin, 70, "subtitle")
        for row in 0..<rows { drawBus(row, rows, width, rowHeight, &canvas) }
        var tunnels: [(x: Int, y: Int)] = []
        for (index, node) in model.nodes.enumerated() {
            let x = Self.margin + index % columns * (Self.cardWidth + Self.gap)
            let heights = draw(node, x, Self.top + index / columns * rowHeight, &canvas)
            let isLast = index % columns == columns - 1 || index == model.nodes.count - 1
            if !isLast { tunnels += heights.map { (x + Self.cardWidth - Self.inset, $0) } }
        }
        // Over the cards, from device to device.
        for (x, y) in tunnels { canvas.line(x, y, x + Self.gap + 2 * Self.inset, y, "overlay") }
        drawHosts(hostsTop, width, &canvas)
        return canvas.svg
    }

    private static func height(_ node: DiagramModel.Node) -> Int {
        58 + node.pods.reduce(0) { $0 + podHeight($1.addresses.count) + 8 } + 44
            + node.tunnels.reduce(0) { $0 + tunnelHeight($1.details.count) + 10 }
    }

    private static func podHeight(_ addresses: Int) -> Int { 14 + max(1, addresses) * podLine }
    private static func tunnelHeight(_ details: Int) -> Int { 32 + details * 16 }

    /// The underlay below a row of nodes; the rows' parts are joined at the left edge.
    private func drawBus(_ row: Int, _ rows: Int, _ width: Int, _ rowHeight: Int, _ canvas: inout Canvas) {
        let y = Self.top + row * rowHeight + cardHeight + Self.busDrop
        canvas.line(Self.margin / 2, y, width - Self.margin / 2, y, "bus")
        if row > 0 { canvas.line(Self.margin / 2, y - rowHeight, Self.margin / 2, y, "bus") }
        if row == rows - 1 { canvas.text(model.underlay, width / 2, y + 18, "bus-label middle") }
    }

    /// - Returns: the heights of the middles of the node's tunnel devices.
    private func draw(_ node: DiagramModel.Node, _ x: Int, _ y: Int, _ canvas: inout Canvas) -> [Int] {
        var middles: [Int] = []
        let inner = Self.cardWidth - 2 * Self.inset
        canvas.line(
            x + Self.cardWidth / 2, y + cardHeight, x + Self.cardWidth / 2, y + cardHeight + Self.busDrop, "wire")
        canvas.box(x, y, Self.cardWidth, cardHeight, "card", radius: 12)
        canvas.text(node.name, x + Self.inset, y + 28, "node")
        for (line, address) in node.underlay.enumerated() {
            canvas.text(address, x + Self.cardWidth - Self.inset, y + 22 + line * 16, "address end")
        }

        // Tunnels stand on the card's floor and the bridge above them, at one height in all cards.
        var floor = y + cardHeight - 6
        for tunnel in node.tunnels.reversed() {
            let height = Self.tunnelHeight(tunnel.details.count)
            floor -= height + 10
            canvas.box(x + Self.inset, floor, inner, height, "tunnel", radius: 8)
            canvas.text(tunnel.name, x + Self.inset + 12, floor + 22, "tunnel-name")
            for (line, detail) in tunnel.details.enumerated() {
                canvas.text(detail, x + Self.inset + 12, floor + 40 + line * 16, "address")
            }
            middles.append(floor + height / 2)
        }
        let bridge = floor - 32
        canvas.box(x + Self.inset, bridge, inner, 22, "bridge", radius: 6)
        canvas.text(
            (["bridge"] + node.subnets).joined(separator: "  "), x + Self.cardWidth / 2, bridge + 15, "address middle")

        var podTop = y + 58
        for pod in node.pods {
            let height = Self.podHeight(pod.addresses.count)
            canvas.box(x + Self.inset, podTop, inner, height, "pod", radius: 8)
            canvas.text(pod.name, x + Self.inset + 12, podTop + 20, "pod-name")
            for (line, address) in pod.addresses.enumerated() {
                canvas.text(
                    address, x + Self.cardWidth - Self.inset - 12, podTop + 20 + line * Self.podLine, "address end")
            }
            podTop += height + 8
        }
        if !node.pods.isEmpty {
            canvas.line(x + Self.cardWidth / 2, podTop - 8, x + Self.cardWidth / 2, bridge, "wire")
        }
        return middles
    }

    private func drawHosts(_ y: Int, _ width: Int, _ canvas: inout Canvas) {
        let bus = y - Self.busDrop
        for (name, address, x) in [
            (model.controlName, model.etcd, Self.margin),
            ("outside the cluster", model.outside, width - Self.margin - Self.cardWidth),
        ] where columns > 1 || name == model.controlName {
            canvas.line(x + Self.cardWidth / 2, bus, x + Self.cardWidth / 2, y, "wire")
            canvas.box(x, y, Self.cardWidth, 56, "host", radius: 12)
            canvas.text(name, x + Self.inset, y + 24, "pod-name")
            canvas.text(address, x + Self.inset, y + 43, "address")
        }
    }
}
