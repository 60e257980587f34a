internal import Glibc

let usage = """
    usage: poplin-bench cni|overlay

    Measures Poplin's own costs, and as ratios against what Debian ships, in one run on one machine. Needs root; works in
    network namespaces of its own.
    """

print(usage)
exit(64)
