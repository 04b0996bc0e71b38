"""What changed between two revisions, declaration by declaration, and how sure the text makes us."""

from lean_refs.drift.located import located as located
from lean_refs.drift.records import THEOREMS as THEOREMS
from lean_refs.drift.records import Change as Change
from lean_refs.drift.records import Difference as Difference
from lean_refs.drift.records import Drift as Drift
from lean_refs.drift.records import EvaluatedMeaning as EvaluatedMeaning
from lean_refs.drift.records import Meaning as Meaning
from lean_refs.drift.report import drift as drift
from lean_refs.drift.resting import foundations as foundations
from lean_refs.drift.resting import interpreted as interpreted
from lean_refs.drift.resting import lacking as lacking
from lean_refs.drift.resting import some as some
from lean_refs.drift.statements import same_by_place as same_by_place
