import KubeAPI
import Testing

@Suite struct QuantityTests {
    @Test(
        "a quantity is written again in its canonical form",
        arguments: [
            ("0", "0"), ("1", "1"), ("100m", "100m"), ("0.1", "100m"), ("1.5", "1500m"), ("1000m", "1"), ("1000", "1k"),
            ("1024", "1024"), ("1Ki", "1Ki"), ("1024Ki", "1Mi"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"),
            ("0.5Mi", "512Ki"),
            ("1e3", "1e3"), ("1000e0", "1e3"), ("1E3", "1e3"), ("12e6", "12e6"), ("1E", "1E"), ("-1", "-1"),
            ("+2", "2"),
            (".5", "500m"), ("5.", "5"), ("1n", "1n"), ("0.1n", "1n"), ("1.0000000001", "1000000001n"),
            ("0.0001Ki", "102400u"),
            ("128974848", "128974848"), ("123Mi", "123Mi"), ("9223372036854775807", "9223372036854775807"),
            ("99999999999999999999", "9223372036854775807"), ("1e40", "9223372036854775807"),
            ("8Ei", "9223372036854775807"),
            ("1e-9", "1e-9"), ("1e-400", "1e-9"), ("0000000000000000000000000000000000001", "1"),
        ])
    func canonical(text: String, expected: String) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.description == expected)
    }

    @Test(
        "what is no quantity is refused",
        arguments: [
            "", "-", ".", "1kk", "1ki", "m", "1 ", " 1", "1e", "0x10", "1,5", "--1", "1Mib", "NaN", "1e3Ki", "1e+",
            "1e99999",
        ])
    func refused(text: String) { #expect(Quantity(text) == nil) }

    @Test("amounts are compared and added whatever their suffixes")
    func arithmetic() throws {
        let half = try #require(Quantity("500m"))
        let gigabinary = try #require(Quantity("1Gi"))
        #expect(half + half == Quantity(1))
        #expect((half + half).description == "1")
        #expect(gigabinary == Quantity(1 << 30))
        #expect((Quantity.zero + gigabinary).description == "1Gi")
        #expect(half < Quantity(1) && gigabinary > half)
        #expect(half.roundedUp == 1 && half.milli == 500)
        #expect((gigabinary - gigabinary).isZero)
    }
}
