"""What an audit found, as JSON, Markdown, SARIF and GitHub's workflow commands."""
