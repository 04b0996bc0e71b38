namespace Cart

/-- A thing that is sold: its price in cents, and how many of it. -/
structure Item where
  price : Nat
  count : Nat

/-- What an item costs. -/
def Item.cost (i : Item) : Nat := i.price * i.count

end Cart
