"""What surrounds a declaration and is part of it: imports, opens, notations, instances, attributes, options."""
