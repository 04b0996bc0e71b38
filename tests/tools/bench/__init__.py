"""Tests of the comparison with the peers: that it measures what it says, and refuses to call a wrong result fast."""
