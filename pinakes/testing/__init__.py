"""Public fakes and conformance suites: what your own adapters and applications can be tested with."""
