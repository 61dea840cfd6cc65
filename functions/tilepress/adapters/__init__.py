"""The edges: what `tilepress.ports` asks for, made from AWS, folders, memory, threads and processes."""
