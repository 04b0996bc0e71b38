"""Runs in shards that any process may examine, and campaigns of many: the plan, the record, the store of failures."""
