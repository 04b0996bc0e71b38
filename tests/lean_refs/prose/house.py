"""A Lean file of our own with every kind of documentation."""

SOURCE = """module
import A
/-!
# Rooms

What a room is.
Two lines.

## Walls

* one wall,
  and a half
- another
```
# no heading
```
-/
namespace House
/-- A room. -/
structure Room where
  /-- makes one -/
  make ::
  /-- How wide. -/
  width : Nat
  high : Nat := 3 -- as is usual
  /-- Doors,
      and windows. -/
  (doors : Nat)
/-! ## Colours -/
/-- A colour. -/
inductive Colour where
  /-- Like grass. -/
  | green
  | /-- Like the sky. -/ blue
  deriving Repr
/-! No heading here. -/
/-- A class of its own. -/
class inductive Solid where
  /-- Of stone. -/
  | stone
/-- Wide enough. -/
@[simp] theorem wide (r : Room) : r.width = r.width := by
  let rec /-- Inside. -/ go := 1
  rfl
/-- -/
def silent := 1
/-- A sign. -/
notation "x!" => 1
end House
"""
