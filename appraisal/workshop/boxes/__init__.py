"""Form fields drawn from the shape of a scheme document: one box for each field of a part, by the field's type."""
