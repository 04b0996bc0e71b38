"""What a statement needs: a theorem as an object, its instances, its evidence, and how it is run."""
