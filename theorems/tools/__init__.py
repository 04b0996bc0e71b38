"""What people use: the command line, the audit, conformance, the benchmark, reports and the pytest plugin."""
