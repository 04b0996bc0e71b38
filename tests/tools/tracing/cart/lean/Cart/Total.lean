import Cart.Item

namespace Cart

/-- What all items of a cart cost. -/
def total : List Item → Nat
  | [] => 0
  | i :: rest => i.cost + total rest

/-- The price after a discount in per cent. -/
def discounted (percent cents : Nat) : Nat := cents - cents * percent / 100

theorem total_append (xs ys : List Item) : total (xs ++ ys) = total xs + total ys := by
  induction xs with
  | nil => simp [total]
  | cons i rest ih => simp [total, ih, Nat.add_assoc]

/-- A discount never makes anything dearer. -/
theorem discounted_le (percent cents : Nat) (h : percent ≤ 100) : discounted percent cents ≤ cents :=
  Nat.sub_le _ _

theorem total_nil : total [] = 0 := rfl

end Cart
