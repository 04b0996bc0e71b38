"""What a Lean definition evaluates to, held against what its counterpart builds."""
