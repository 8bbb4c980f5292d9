"""Bytes and IO: Kafka in, HTTP, HTML and SVG out."""
