"""Forms that came as workbooks: what is to be filled in, and what came back."""
