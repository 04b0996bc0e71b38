stray -- ✗ no command starts here
/-! Declarations that are malformed, each with what must be said of it on its line: one costs only itself. -/
namespace Loom
def kept₁ := 1
def : Nat := 1 -- ✗ def: a name is expected after the keyword, not ':'
def -- ✗ def: a name is expected after the keyword, not 'the end'
theorem unproved : 1 = 1 -- ✗ theorem: ':=', '|' or 'where' is expected after the type, not 'the end'
def undefined (n : Nat) -- ✗ def: a type, ':=', '|' or 'where' is expected after the binders, not 'the end'
def operator % n := 1 -- ✗ def: a type, ':=', '|' or 'where' is expected after the binders, not '%'
def universe.{u := 1 -- ✗ def: '{' is never closed, '}' is expected ✗ brackets of this def do not balance
def binder (1 : Nat) := 1 -- ✗ def: a binder holds names before its colon, not '1'
def nameless ( : Nat) := 1 -- ✗ def: a binder holds names before its colon, not 'nothing'
def open_ (n : Nat := 1 -- ✗ def: '(' is never closed, ')' is expected ✗ brackets of this def do not balance
theorem closed (n : Nat)) : n = n := rfl -- ✗ brackets of this theorem do not balance ✗ theorem: a type, ':=', '|' or 'where' is expected after the binders, not ')'
alias ⟨mp mpr⟩ := kept₁ -- ✗ alias: a name is expected after the keyword, not '⟨'
instance ( -- ✗ brackets of this instance do not balance ✗ instance: '(' is never closed, ')' is expected
instance (priority := low : Nat := 1 -- ✗ brackets of this instance do not balance ✗ instance: '(' is never closed, ')' is expected
structure Fields where -- ✗ structure: a field is expected, not '+'
  x : Nat
  + y : Nat
structure Attributes where -- ✗ structure: a field is expected, not ':'
  @[simp] : Nat
class Bound (α : Type) where -- ✗ class: a binder holds names before its colon, not '1'
  f (1 : Nat) : α
inductive Cases where -- ✗ inductive: a name is expected after the keyword, not ':'
  | plain
  | : Cases
def kept₂ := 2
@[simp] -- ✗ a declaration is expected after what modifies one
#check kept₂
private noncomputable -- ✗ a declaration is expected after what modifies one
#check kept₂
open Nat in 5 -- ✗ a declaration is expected after what modifies one
variable (n : Nat) % -- ✗ variable: binders are expected, not '%'
omit [Add n] % -- ✗ omit: binders are expected, not '%'
open (a) -- ✗ open: a namespace is expected, not '('
open A (a -- ✗ open: ')' is expected after the names, not 'a' ✗ brackets of this open do not balance
open -- ✗ open: a namespace is expected, not 'the end'
end Other -- ✗ end: 'end Other' ends namespace 'Loom', 'end Loom' is expected
end Loom -- ✗ end: nothing is open here that 'end Loom' could end
def kept₃ := 3
def kept₄ := s!"{ -- ✗ a string is opened and never closed
