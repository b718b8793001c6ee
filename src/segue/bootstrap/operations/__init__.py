"""Operations: what an operator does with a home besides running it."""
