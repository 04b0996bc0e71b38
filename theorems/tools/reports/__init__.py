"""What a run leaves behind: a JSON report, a JUnit report, and a file that replays each failure."""
