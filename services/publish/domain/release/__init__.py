"""In: closed internal numbers and what was released before; out: what the public may see."""
