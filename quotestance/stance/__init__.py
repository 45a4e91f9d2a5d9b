"""Quotation to stance: a sequence classifier that reads the words and what stands around them."""
